/**
 * What every function of the platform that takes `{ signal }` must do when it is given a scope instead: one
 * contract, run for each of them.
 *
 * `call` hands the scope to the platform and calls `begun` once when the operation is under way; it settles as
 * the platform does.
 */
import assert from "node:assert/strict";
import { describe } from "node:test";
import { type Cancellable, CancelledError, isCancelled, moveOnAfter, type Task, taskGroup, TaskGroupError } from "espalier";
import { isA, same, scenario, thrownBy } from "../conformance/case.ts";

export type Call = (scope: Cancellable, begun: () => void) => Promise<unknown>;

export function interruptible(name: string, call: Call): void {
  describe(`${name} that is given a scope`, () => {
    scenario(`${name} is cut short when the scope is cancelled, and the scope absorbs what it rejects with`, async () => {
      const fallback = await moveOnAfter(
        Infinity,
        async (scope) => {
          const error = await thrownBy(call(scope, () => scope.cancel("enough")));
          assert.ok(error === scope.reason || isA(error, Error).cause === scope.reason || isA(error, Error).cause === undefined);
          assert.equal(isCancelled(error), true);
          throw error;
        },
        { fallback: "absorbed" },
      );
      assert.equal(fallback, "absorbed");
    });

    scenario(`${name} takes { ...scope } as well: the signal survives the spread`, async () => {
      const fallback = await moveOnAfter(Infinity, (scope) => call({ ...scope }, () => scope.cancel()), { fallback: "absorbed" });
      assert.equal(fallback, "absorbed");
    });

    scenario(`${name} as a task ends as cancelled, with the reason of its group, when a sibling fails`, async () => {
      const E = new Error("E");
      let task!: Task<unknown>;
      const error = await thrownBy(
        taskGroup((group) => {
          task = group.spawn((scope) => call(scope, () => void group.spawn(() => Promise.reject(E))));
        }),
      );
      same(isA(error, TaskGroupError).errors, [E]);
      assert.ok(task.outcome?.status === "cancelled" && task.outcome.reason.reason === E);
    });

    scenario(`${name} is cut by a deadline further out, which alone absorbs it`, async () => {
      const steps: string[] = [];
      const fallback = await moveOnAfter(
        Infinity,
        async (outer) => {
          await outer.moveOnAfter(Infinity, (inner) => call(inner, () => outer.reschedule(outer.now())), { fallback: "inner" });
          steps.push("went on");
        },
        { fallback: "outer" },
      );
      assert.equal(fallback, "outer");
      assert.deepEqual(steps, []);
    });

    scenario(`${name} in a scope that is cancelled already rejects at once, and is absorbed`, async () => {
      const fallback = await moveOnAfter(
        Infinity,
        (scope) => {
          scope.cancel();
          return call(scope, () => {});
        },
        { fallback: "absorbed" },
      );
      assert.equal(fallback, "absorbed");
    });

    scenario(`${name} that somebody else's signal aborts is an ordinary error: no scope here was cancelled (G5)`, async () => {
      const foreign = new AbortController();
      let thrown: unknown;
      const error = await thrownBy(
        taskGroup(async (group) => {
          thrown = await thrownBy(group.moveOnAfter(Infinity, () => call({ signal: foreign.signal }, () => foreign.abort())));
          assert.equal(isCancelled(thrown), true);
          assert.equal(thrown instanceof CancelledError, false);
          throw thrown;
        }),
      );
      same(isA(error, TaskGroupError).errors, [thrown]);
    });
  });
}
