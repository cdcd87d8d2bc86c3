/** G2: the first failure cancels the siblings and the body, once, and is thrown only after all have finished. */
import assert from "node:assert/strict";
import { describe } from "node:test";
import { CancelledError, type Scope, sleep, sleepForever, type TaskGroup, TaskGroupError, taskGroup } from "espalier";
import { ending, gate, isA, quiet, same, scenario, thrownBy } from "../case.ts";

const E = new Error("E");
const F = new Error("F");

/** Every way in which something of a group fails first, and the name that the failure goes by. */
const failures: Record<string, { by: string; fail(group: TaskGroup): unknown }> = {
  "a task that throws": { by: "culprit", fail: (group) => group.spawn(() => { throw E; }, { name: "culprit" }) },
  "a task that rejects": { by: "culprit", fail: (group) => group.spawn(() => Promise.reject(E), { name: "culprit" }) },
  "a task that fails later": { by: "culprit", fail: (group) => group.spawn((scope) => sleep(5, scope).then(() => Promise.reject(E)), { name: "culprit" }) },
  "a daemon": { by: "culprit", fail: (group) => group.spawn(() => Promise.reject(E), { name: "culprit", daemon: true }) },
  "a started task": {
    by: "culprit",
    fail: (group) => group.start(async (scope, started) => {
      started();
      await sleep(5, scope);
      throw E;
    }, group, { name: "culprit" }),
  },
  "the body": { by: "the group", fail: () => Promise.reject(E) },
};

describe("G2: who hears of it, and what", () => {
  for (const [what, { by, fail }] of Object.entries(failures)) {
    scenario(`G2: ${what}: siblings, daemons and all below them are told once, with source, name and error`, async ({ clock }) => {
      const told: unknown[] = [];
      const listen = (scope: Scope): Promise<never> => {
        scope.onCancel((reason) => void told.push(reason));
        return sleepForever(scope);
      };
      const error = await thrownBy(
        taskGroup(
          async (group) => {
            group.spawn(listen);
            group.spawn(listen, { daemon: true });
            group.spawn((scope) => scope.group((inner) => void inner.spawn((leaf) => leaf.failAfter(1_000, listen))));
            group.onCancel((reason) => void told.push(reason));
            await fail(group);
            await sleepForever(group);
          },
          { clock, name: "the group" },
        ),
      );
      same(isA(error, TaskGroupError).errors, [E]);
      assert.equal(told.length, 4);
      assert.equal(new Set(told).size, 1);
      const { source, by: told_by, reason } = isA(told[0], CancelledError);
      assert.deepEqual([source, told_by], ["sibling", by]);
      assert.equal(reason, E);
    });

    scenario(`G2: ${what}: thrown only when a sibling that nothing can interrupt has finished`, async ({ clock }) => {
      const peer = gate();
      let settled = false;
      const call = ending(
        taskGroup(
          async (group) => {
            group.spawn(() => peer.promise);
            await fail(group);
            await sleepForever(group);
          },
          { clock },
        ),
      ).then(() => (settled = true));
      await clock.advance(10);
      assert.equal(settled, false);
      peer.open();
      await call;
    });
  }
});

scenario("G2: the second failure changes neither the reason nor tells anybody again", async ({ clock }) => {
  let told = 0;
  let reason: unknown;
  const error = await thrownBy(
    taskGroup(
      async (group) => {
        group.onCancel((cause) => {
          told++;
          reason = cause.reason;
        });
        group.spawn(() => Promise.reject(E));
        group.spawn(() => Promise.reject(F));
        await sleepForever(group).catch(() => {});
        assert.equal(group.reason?.reason, E);
      },
      { clock },
    ),
  );
  same(isA(error, TaskGroupError).errors, [E, F]);
  assert.equal(told, 1);
  assert.equal(reason, E);
});

scenario("G2: a failure while the group is draining cancels what is left", async ({ clock }) => {
  const error = await thrownBy(
    taskGroup(
      (group) => {
        group.spawn((scope) => sleep(10_000, scope));
        group.spawn((scope) => sleep(10, scope).then(() => Promise.reject(E)));
      },
      { clock },
    ),
  );
  same(isA(error, TaskGroupError).errors, [E]);
  assert.equal(clock.now(), 10);
});

scenario("G2: a failure in an inner group reaches the outer only when the inner one has finished", async ({ clock }) => {
  const log: string[] = [];
  let reason: CancelledError | undefined;
  const error = await thrownBy(
    taskGroup(
      async (outer) => {
        outer.onCancel((cause) => {
          log.push("outer cancelled");
          reason = cause;
        });
        outer.spawn(
          (scope) =>
            scope.group((inner) => {
              inner.spawn((leaf) => sleepForever(leaf).finally(async () => {
                await quiet();
                log.push("inner sibling cleaned up");
              }));
              inner.spawn(() => Promise.reject(E));
            }),
          { name: "the task with the inner group" },
        );
        await sleepForever(outer);
      },
      { clock },
    ),
  );
  assert.deepEqual(log, ["inner sibling cleaned up", "outer cancelled"]);
  const [nested] = isA(error, TaskGroupError).errors as unknown[];
  same(isA(nested, TaskGroupError).errors, [E]);
  assert.equal(reason?.by, "the task with the inner group");
  assert.equal(reason.reason, nested);
});

scenario("G2: a failure that somebody handled inside its task is none", async ({ clock }) => {
  await taskGroup(
    async (group) => {
      group.spawn(async (scope) => {
        await thrownBy(scope.group((inner) => void inner.spawn(() => Promise.reject(E))));
        await sleep(10, scope);
      });
      await sleep(20, group);
    },
    { clock },
  );
  assert.equal(clock.now(), 20);
});

for (const value of [undefined, null, 0, "text"]) {
  scenario(`G2: where ${String(value)} was thrown, it is the reason`, async ({ clock }) => {
    let reason: CancelledError | undefined;
    await thrownBy(
      taskGroup(
        async (group) => {
          group.spawn(() => Promise.reject(value), { name: "culprit" });
          reason = isA(await thrownBy(sleepForever(group)), CancelledError);
        },
        { clock },
      ),
    );
    assert.deepEqual([reason?.source, reason?.by, reason?.reason], ["sibling", "culprit", value]);
  });
}
