/** G3: no error is lost, and none is reported that somebody has been given. */
import assert from "node:assert/strict";
import { describe } from "node:test";
import { CancelledError, failAfter, leaves, moveOnAfter, type Scope, sleep, sleepForever, suppressed, TaskGroupError, taskGroup } from "espalier";
import { gate, isA, quiet, same, scenario, thrownBy } from "../case.ts";

const E = new Error("E");
const F = new Error("F");
const G = new Error("G");

const failWhenInterrupted =
  (error: unknown) =>
  async (scope: Scope): Promise<void> => {
    await sleepForever(scope).catch(() => {
      throw error;
    });
  };

describe("G3: failures of cleanup", () => {
  scenario("G3: of siblings, of the body and of daemons all come out beside the first", async ({ clock }) => {
    const error = await thrownBy(
      taskGroup(
        async (group) => {
          group.spawn(failWhenInterrupted(F));
          group.spawn(failWhenInterrupted(G), { daemon: true });
          group.spawn((scope) => sleep(10, scope).then(() => Promise.reject(E)));
          await failWhenInterrupted("the body's")(group);
        },
        { clock },
      ),
    );
    same(isA(error, TaskGroupError).errors, [E, F, G, "the body's"]);
  });

  scenario("G3: in a moveOnAfter whose time is up beat the fallback, in a failAfter the TimeoutError", async ({ clock }) => {
    assert.equal(await thrownBy(moveOnAfter(10, failWhenInterrupted(E), { clock, fallback: "fallback" })), E);
    assert.equal(await thrownBy(failAfter(10, failWhenInterrupted(F), { clock })), F);
  });

  scenario("G3: in a group whose outer scope was cancelled come out instead of the cancellation", async ({ clock }) => {
    const error = await thrownBy(moveOnAfter(10, (scope) => scope.group((group) => void group.spawn(failWhenInterrupted(E))), { clock }));
    same(isA(error, TaskGroupError).errors, [E]);
  });

  scenario("G3: of a task that was cancelled by itself is a failure of the group", async ({ clock }) => {
    const error = await thrownBy(taskGroup((group) => group.spawn(failWhenInterrupted(E)).cancel(), { clock }));
    same(isA(error, TaskGroupError).errors, [E]);
  });

  scenario("G3: at several levels stay apart, each in its group", async ({ clock }) => {
    const error = await thrownBy(
      taskGroup(
        (outer) => {
          outer.spawn((scope) => scope.group((inner) => {
            inner.spawn(failWhenInterrupted(F));
            inner.spawn(failWhenInterrupted(G));
          }));
          outer.spawn((scope) => sleep(10, scope).then(() => Promise.reject(E)));
        },
        { clock },
      ),
    );
    const [first, second] = isA(error, TaskGroupError).errors as unknown[];
    assert.equal(first, E);
    same(isA(second, TaskGroupError).errors, [F, G]);
  });
});

describe("G3: one failure is one failure", () => {
  scenario("G3: the same object, thrown by two tasks and by the body, counts once", async ({ clock }) => {
    const shared = gate<never>();
    const call = taskGroup(
      (group) => {
        group.spawn(() => shared.promise);
        group.spawn(() => shared.promise);
        return shared.promise;
      },
      { clock },
    );
    shared.fail(E);
    same(isA(await thrownBy(call), TaskGroupError).errors, [E]);
  });

  scenario('G3: with errors: "first" the same object is not suppressed by itself', async ({ clock }) => {
    const own = new Error("own");
    const shared = gate<never>();
    const call = taskGroup(
      (group) => {
        group.spawn(() => shared.promise);
        return shared.promise;
      },
      { clock, errors: "first" },
    );
    shared.fail(own);
    assert.equal(await thrownBy(call), own);
    same(suppressed(own), []);
  });
});

describe("G3: what somebody was given is not reported besides", () => {
  scenario("G3: failed tasks, joined by nobody, by unawaited calls, or too late", async ({ clock }) => {
    const error = await thrownBy(
      taskGroup(
        (group) => {
          const task = group.spawn((scope) => sleep(10, scope).then(() => Promise.reject(E)));
          void task.join();
          void task.join(group);
          void task.settled();
          void task.settled(group);
          group.spawn(() => { throw F; });
          group.spawn(() => ({ then: (_: unknown, reject: (error: unknown) => void) => reject(G) }) as PromiseLike<never>);
        },
        { clock },
      ),
    );
    same(isA(error, TaskGroupError).errors, [F, G]);
  });

  scenario("G3: a foreign promise that fails after its wait was interrupted", async ({ clock }) => {
    const peer = gate<never>();
    await moveOnAfter(10, (scope) => scope.wait(peer.promise), { clock });
    peer.fail(E);
    await quiet();
  });

  scenario("G3: a foreign promise whose failure arrived goes to the waiter alone", async ({ clock }) => {
    assert.equal(await thrownBy(moveOnAfter(10, (scope) => scope.wait(Promise.reject(E)), { clock })), E);
  });

  scenario("G3: a join that is interrupted leaves the task's failure to the group", async ({ clock }) => {
    const error = await thrownBy(
      taskGroup(
        async (group) => {
          const task = group.spawn((scope) => sleep(20, scope).then(() => Promise.reject(E)));
          assert.equal(await group.moveOnAfter(10, (scope) => task.join(scope), { fallback: "fallback" }), "fallback");
        },
        { clock },
      ),
    );
    same(isA(error, TaskGroupError).errors, [E]);
  });
});

describe("G3: what nobody was given is loud", () => {
  const calls: Record<string, () => Promise<unknown>> = {
    "taskGroup()": () => taskGroup(() => Promise.reject(E)),
    "failAfter()": () => failAfter(10, () => Promise.reject(E)),
    "moveOnAfter()": () => moveOnAfter(10, () => Promise.reject(E)),
  };
  for (const [name, call] of Object.entries(calls)) {
    scenario(`G3: a failed ${name} that nobody awaits is one unhandled rejection`, async ({ takeReports }) => {
      void call();
      const reports = await takeReports();
      assert.deepEqual(reports.map(({ event }) => event), ["unhandledRejection"]);
      same(reports.flatMap(({ error }) => leaves(error)), [E]);
    });
  }
});

describe("G3: cancellations that are not this scope's own are failures like any other", () => {
  scenario("G3: the CancelledError of another task, let through from join()", async ({ clock }) => {
    const error = await thrownBy(
      taskGroup(
        async (group) => {
          const task = group.spawn((scope) => sleep(1_000, scope));
          task.cancel("enough");
          await task.join(group);
        },
        { clock },
      ),
    );
    const [cancelled] = isA(error, TaskGroupError).errors as unknown[];
    assert.equal(isA(cancelled, CancelledError).reason, "enough");
  });

  scenario("G3: an abort error of the platform in a scope that nobody cancelled", async ({ clock }) => {
    const abort = AbortSignal.abort().reason as unknown;
    assert.equal(await thrownBy(moveOnAfter(10, () => Promise.reject(abort), { clock })), abort);
    const error = await thrownBy(taskGroup((group) => void group.spawn(() => Promise.reject(abort)), { clock }));
    same(isA(error, TaskGroupError).errors, [abort]);
  });
});
