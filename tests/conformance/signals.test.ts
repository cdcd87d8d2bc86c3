/** U: a signal that is handed in from outside stands for an outer scope. */
import assert from "node:assert/strict";
import { describe } from "node:test";
import {
  all,
  allSettled,
  any,
  CancelledError,
  failAfter,
  map,
  MisuseError,
  moveOnAfter,
  openTaskGroup,
  race,
  type RootOptions,
  run,
  type Scope,
  sleep,
  sleepForever,
  taskGroup,
  TaskGroupError,
} from "espalier";
import { testClock } from "espalier/testing";
import { ending, isA, quiet, same, scenario, thrownBy } from "./case.ts";

type Root = (body: (scope: Scope) => Promise<unknown>, options: RootOptions) => Promise<unknown>;
const roots: Record<string, Root> = {
  "taskGroup()": (body, options) => taskGroup(body, options),
  "a task of taskGroup()": (body, options) => taskGroup((group) => void group.spawn(body), options),
  "failAfter()": (body, options) => failAfter(Infinity, body, options),
  "moveOnAfter()": (body, options) => moveOnAfter(Infinity, body, { ...options, fallback: "moved on" }),
  "all()": (body, options) => all([body, sleepForever], options),
  "race()": (body, options) => race([body, sleepForever], options),
  "any()": (body, options) => any([body, sleepForever], options),
  "map()": (body, options) => map([1, 2], (_item, scope) => body(scope), options),
  "run()": (body, options) => run(body, options),
  "openTaskGroup()": async (body, options) => {
    const group = openTaskGroup(options);
    group.spawn(body);
    await group.join();
  },
};

describe("U01: an outside signal that aborts is an outer scope's cancellation", () => {
  for (const [name, root] of Object.entries(roots)) {
    scenario(`U01: … ${name} rejects with its CancelledError, source "signal", and leaves no listener`, async ({ clock, outside }) => {
      const outer = outside();
      const reason = new Error("client is gone");
      const seen = new Set<unknown>();
      const call = root(
        (scope) =>
          sleepForever(scope).catch((error: unknown) => {
            seen.add(error);
            throw error;
          }),
        { signal: outer.signal, clock },
      );
      await quiet();
      outer.abort(reason);
      const error = isA(await thrownBy(call), CancelledError);
      assert.equal(error.source, "signal");
      assert.equal(error.reason, reason);
      assert.equal(error.cause, reason);
      same(seen, [error]);
      assert.equal(outer.added, 1);
    });
  }

  scenario("U01: … allSettled() rejects with it too: its records are for its own functions' ends", async ({ clock, outside }) => {
    const outer = outside();
    const call = thrownBy(allSettled([sleepForever], { signal: outer.signal, clock }));
    outer.abort("gone");
    assert.equal(isA(await call, CancelledError).reason, "gone");
  });
});

scenario("U04: a failure that is handled while an outer cancellation is pending: the next wait after the handler throws", async ({ clock, outside }) => {
  const E = new Error("E");
  const outer = outside();
  const steps: string[] = [];
  const error = await thrownBy(
    taskGroup(
      async (group) => {
        const failure = await thrownBy(
          group.group((inner) => {
            inner.spawn(async (scope) => {
              await ending(sleepForever(scope));
              throw E;
            });
            outer.abort("gone");
          }),
        );
        same(isA(failure, TaskGroupError).errors, [E]);
        steps.push("handled");
        await group.checkpoint();
        steps.push("went on");
      },
      { clock, signal: outer.signal },
    ),
  );
  assert.equal(isA(error, CancelledError).reason, "gone");
  assert.deepEqual(steps, ["handled"]);
});

scenario("U05: a scope clears only what it caused: the cancellations of its tasks do not count against the scope around", async ({ clock }) => {
  await taskGroup(
    async (outer) => {
      for (const end of ["explicit", "sibling", "deadline"] as const) {
        await ending(
          outer.group(async (group) => {
            group.spawn(sleepForever);
            if (end === "explicit") group.cancel();
            if (end === "sibling") group.spawn(() => Promise.reject(new Error("E")));
            if (end === "deadline") group.reschedule(group.now() + 10);
            await sleepForever(group);
          }),
        );
        assert.equal(outer.cancelled, false);
        assert.equal(outer.signal.aborted, false);
        await sleep(1, outer);
      }
    },
    { clock },
  );
});

scenario("U06: of two outside cancellations during the drain the first reason stays", async ({ clock, outside }) => {
  const [near, far] = [outside(), outside()];
  const error = await thrownBy(
    taskGroup(
      (outer) =>
        taskGroup(
          (group) => {
            group.spawn(async (scope) => {
              await ending(sleepForever(scope));
              far.abort("second");
              await scope.checkpoint();
            });
            near.abort("first");
          },
          { signal: AbortSignal.any([near.signal, outer.signal]), clock },
        ),
      { signal: far.signal, clock },
    ),
  );
  // The inner call's own error; it belongs to no scope of the outer call, whose own cancellation came later.
  const inner = isA(error, TaskGroupError);
  assert.equal(isA(inner.errors[0], CancelledError).reason, "first");
  assert.equal(inner.errors.length, 1);
});

scenario("U06: … nor does a cancel() of the scope change it", async ({ clock, outside }) => {
  const outer = outside();
  const error = await thrownBy(
    taskGroup(
      async (group) => {
        outer.abort("first");
        group.cancel("second");
        assert.equal(group.reason?.reason, "first");
        await group.checkpoint();
      },
      { clock, signal: outer.signal },
    ),
  );
  assert.equal(isA(error, CancelledError).reason, "first");
});

scenario("U07: a hand-written timeout leaves the task clean, and its own error reaches the code outside", async ({ clock }) => {
  class Slow extends Error {}
  await taskGroup(
    async (group) => {
      const withLimit = async (ms: number, scope: Scope): Promise<string> => {
        let isLate = false;
        const value = await scope.group(async (own) => {
          own.spawn(
            async (timer) => {
              await sleep(ms, timer);
              isLate = true;
              own.cancel();
            },
            { daemon: true },
          );
          await ending(sleepForever(own));
          return "value";
        });
        if (isLate) throw new Slow();
        return value;
      };
      const task = group.spawn(async (scope) => {
        isA(await thrownBy(withLimit(10, scope)), Slow);
        await sleep(5, scope);
        return scope.cancelled;
      });
      assert.equal(await task.join(group), false);
      assert.equal(group.now(), 15);
    },
    { clock },
  );
});

scenario("U08: an AbortError of the user whose cause is the CancelledError is absorbed with it", async ({ clock }) => {
  const replace = (scope: Scope): Promise<never> =>
    sleepForever(scope).catch((cause: unknown) => {
      throw Object.assign(new Error("my own words", { cause }), { name: "AbortError" });
    });
  assert.equal(await moveOnAfter(10, replace, { clock, fallback: "absorbed" }), "absorbed");
  assert.equal(await moveOnAfter(10, (scope) => scope.group((group) => void group.spawn(replace)), { clock, fallback: "absorbed" }), "absorbed");
});

describe("a root that is opened with the signal of a scope is a child of that scope", () => {
  scenario("… its end ends them: a root that was forgotten in a scope is UNAWAITED like any child", async ({ clock }) => {
    const error = await thrownBy(failAfter(10, (scope) => void taskGroup(sleepForever, scope), { clock }));
    assert.equal(isA(error, MisuseError).code, "UNAWAITED");
  });

  scenario('… with another clock it is refused, "CLOCK_MISMATCH": one tree lives in one time', async ({ clock }) => {
    await taskGroup(
      async (group) => {
        const error = await thrownBy(taskGroup(() => assert.fail("called"), { signal: group.signal, clock: testClock() }));
        assert.equal(isA(error, MisuseError).code, "CLOCK_MISMATCH");
        await taskGroup(() => {}, { signal: group.signal, clock });
      },
      { clock },
    );
  });
});
