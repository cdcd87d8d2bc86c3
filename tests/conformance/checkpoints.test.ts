/** Cases N21 and N22: what asks for cancellation, and that everything that waits does. */
import assert from "node:assert/strict";
import { describe } from "node:test";
import { moveOnAfter, type Scope, sleep, sleepUntil, type Task, type TaskGroup, taskGroup } from "espalier";
import { scenario, thrownBy } from "./case.ts";

describe("N21: the operations that ask for cancellation and nothing else", () => {
  scenario("N21: checkpoint() yields, and throws in a cancelled scope", async ({ clock }) => {
    const log: string[] = [];
    await moveOnAfter(
      Infinity,
      async (scope) => {
        void Promise.resolve().then(() => log.push("other code"));
        await scope.checkpoint();
        log.push("after the checkpoint");
        scope.cancel();
        void Promise.resolve().then(() => log.push("other code again"));
        assert.equal(await thrownBy(scope.checkpoint()), scope.reason);
        log.push("after it threw");
      },
      { clock },
    );
    assert.deepEqual(log, ["other code", "after the checkpoint", "other code again", "after it threw"]);
  });

  scenario("N21: throwIfCancelled() throws without yielding, and does nothing in a scope that is not cancelled", async ({ clock }) => {
    await moveOnAfter(
      Infinity,
      (scope) => {
        assert.equal(scope.throwIfCancelled(), undefined);
        scope.cancel();
        assert.throws(
          () => scope.throwIfCancelled(),
          (error) => error === scope.reason,
        );
        scope.throwIfCancelled();
      },
      { clock },
    );
  });

  scenario("N21: checkpoint() inside a shield yields and does not throw", async ({ clock }) => {
    const log: string[] = [];
    await moveOnAfter(
      Infinity,
      async (scope) => {
        scope.cancel();
        await scope.shield(async (shield) => {
          void Promise.resolve().then(() => log.push("other code"));
          await shield.checkpoint();
          shield.throwIfCancelled();
          log.push("after the checkpoint");
        });
      },
      { clock },
    );
    assert.deepEqual(log, ["other code", "after the checkpoint"]);
  });
});

describe("N22: every operation checks cancellation and yields at each call, also when it need not block", () => {
  const operations: Record<string, (scope: Scope) => Promise<unknown>> = {
    "checkpoint()": (scope) => scope.checkpoint(),
    "sleep(0)": (scope) => sleep(0, scope),
    "sleep(-1)": (scope) => sleep(-1, scope),
    "sleepUntil(the past)": (scope) => sleepUntil(scope.now() - 1, scope),
    "wait(a settled promise)": (scope) => scope.wait(Promise.resolve()),
    "join() of a finished task": (scope) => finished.join(scope),
    "settled() of a finished task": (scope) => finished.settled(scope),
    "vacancy() with room": (scope) => group.vacancy(scope),
  };
  let group!: TaskGroup;
  let finished!: Task<unknown>;

  for (const [name, operation] of Object.entries(operations)) {
    scenario(`N22: ${name}`, async ({ clock }) => {
      await taskGroup(
        async (open) => {
          group = open;
          finished = open.spawn(() => {});
          for (let call = 0; call < 3; call++) {
            let others = 0;
            void Promise.resolve().then(() => others++);
            await operation(open);
            assert.equal(others, 1, "other code had its turn");
          }
          await open.moveOnAfter(Infinity, async (scope) => {
            scope.cancel();
            for (let call = 0; call < 3; call++) assert.equal(await thrownBy(operation(scope)), scope.reason);
          });
        },
        { clock },
      );
    });
  }
});
