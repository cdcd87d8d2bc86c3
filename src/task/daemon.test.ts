/** Daemons: background work that is tied to its group, and cancelled when nothing else is left (G14). */
import assert from "node:assert/strict";
import { describe } from "node:test";
import { CancelledError, sleep, sleepForever, type Task, taskGroup, TaskGroupError } from "espalier";
import { isA, same, scenario, thrownBy } from "../../tests/conformance/case.ts";

describe("a daemon (G14)", () => {
  scenario('is cancelled with source "ended" when the body and all other tasks have finished, and waited for', async ({ clock }) => {
    const steps: string[] = [];
    const value = await taskGroup(
      (group) => {
        group.spawn(
          async (scope) => {
            const { source, by } = isA(await thrownBy(sleepForever(scope)), CancelledError);
            steps.push(`${source} by ${by} at ${scope.now()}`);
            await scope.shield((shield) => sleep(5, shield));
            steps.push("cleaned up");
          },
          { daemon: true },
        );
        group.spawn((scope) => sleep(10, scope));
        return "value";
      },
      { clock, name: "the group" },
    );
    assert.equal(value, "value");
    assert.deepEqual(steps, ["ended by the group at 10", "cleaned up"]);
    assert.equal(clock.now(), 15);
  });

  scenario("fails like any task: before the end, and in its cleanup", async ({ clock }) => {
    const [E, F] = [new Error("E"), new Error("F")];
    const early = taskGroup(
      async (group) => {
        group.spawn(() => Promise.reject(E), { daemon: true });
        await sleepForever(group);
      },
      { clock },
    );
    same(isA(await thrownBy(early), TaskGroupError).errors, [E]);
    const late = taskGroup((group) => void group.spawn((scope) => sleepForever(scope).catch(() => Promise.reject(F)), { daemon: true }), { clock });
    same(isA(await thrownBy(late), TaskGroupError).errors, [F]);
  });

  scenario("that is spawned when only daemons are left starts, and is cancelled at its first wait", async ({ clock }) => {
    const steps: string[] = [];
    await taskGroup(
      (group) => {
        group.spawn(
          (scope) =>
            sleepForever(scope).finally(() => {
              group.spawn(
                async (own) => {
                  steps.push("starts");
                  await sleepForever(own);
                },
                { daemon: true },
              );
            }),
          { daemon: true },
        );
      },
      { clock },
    );
    assert.deepEqual(steps, ["starts"]);
  });

  scenario("that is still queued when all others have finished is never called", async ({ clock }) => {
    let queued!: Task<never>;
    await taskGroup(
      (group) => {
        group.spawn(sleepForever, { daemon: true });
        group.spawn((scope) => sleep(10, scope));
        queued = group.spawn(() => assert.fail("called"), { daemon: true });
      },
      { clock, concurrency: 2 },
    );
    assert.ok(queued.outcome?.status === "cancelled" && queued.outcome.reason.source === "ended");
  });

  scenario("does not hold up openers further out: the cancellation of its group is none for the caller", async ({ clock }) => {
    await taskGroup(
      async (outer) => {
        const value = await outer.group((group) => {
          group.spawn(sleepForever, { daemon: true });
          return "value";
        });
        assert.equal(value, "value");
        assert.equal(outer.cancelled, false);
        await sleep(1, outer);
      },
      { clock },
    );
  });
});
