/** G1: a call settles only after everything started in it has finished. */
import assert from "node:assert/strict";
import { describe } from "node:test";
import { type CancelScope, moveOnAfter, type Scope, sleepForever, type TaskGroup, taskGroup } from "espalier";
import { ending, gate, type Given, quiet, scenario } from "../case.ts";
import { disposable, openers, shield } from "../openers.ts";

/** What presses upon a scope while a function in it waits for a peer that no scope can interrupt. */
const pressures: Record<string, (around: CancelScope, clock: Given["clock"]) => unknown> = {
  "nothing is cancelled": () => {},
  "the scope around is cancelled": (around) => around.cancel(),
  "the deadline of the scope around passes": async (around, clock) => {
    around.reschedule(1);
    await clock.advance(1);
  },
};

for (const [pressure, press] of Object.entries(pressures)) {
  describe(`G1: ${pressure}`, () => {
    for (const { name, open } of [...openers, shield, disposable]) {
      scenario(`G1: ${name} waits for a function that nothing can interrupt`, async ({ clock }) => {
        const peer = gate();
        let settled = false;
        let around: CancelScope | undefined;
        const call = moveOnAfter(
          Infinity,
          (scope) => {
            around = scope;
            return open(scope, () => peer.promise).finally(() => (settled = true));
          },
          { clock },
        );
        await press(around!, clock);
        await quiet();
        assert.equal(settled, false);
        peer.open();
        await call;
        assert.equal(settled, true);
      });
    }
  });
}

describe("G1: a group whose task nothing can interrupt", () => {
  const endings: Record<string, (group: TaskGroup) => unknown> = {
    "the body returns": () => "value",
    "the body throws": () => {
      throw new Error("E");
    },
    "the body cancels the group": (group) => {
      group.cancel();
      return group.checkpoint();
    },
    "another task throws": (group) => {
      group.spawn(() => Promise.reject(new Error("E")));
      return sleepForever(group);
    },
    "the deadline passes": (group) => {
      group.reschedule(-Infinity);
      return group.checkpoint();
    },
  };
  const depths: Record<string, (group: TaskGroup, stubborn: () => Promise<void>) => unknown> = {
    "a task": (group, stubborn) => group.spawn(stubborn),
    "a daemon": (group, stubborn) => group.spawn(stubborn, { daemon: true }),
    "a task of a task": (group, stubborn) => group.spawn((scope) => scope.group((inner) => void inner.spawn(stubborn))),
    "a started task": (group, stubborn) => void group.start((_, started) => (started(), stubborn()), group),
    "a task that is still starting": (group, stubborn) => void ending(group.start(stubborn, group)),
  };
  for (const [how, end] of Object.entries(endings)) {
    for (const [where, place] of Object.entries(depths)) {
      scenario(`G1: ${how}, and the call waits for ${where}`, async () => {
        const peer = gate();
        let settled = false;
        const call = ending(
          taskGroup((group) => {
            place(group, () => peer.promise);
            return end(group);
          }),
        ).then(() => (settled = true));
        await quiet();
        assert.equal(settled, false);
        peer.open();
        await call;
      });
    }
  }
});

scenario("G1: what one task of a call still does, it does before the call settles, for every opener", async ({ clock }) => {
  for (const { name, open } of openers) {
    const log: string[] = [];
    const cleanUp = async (scope: Scope): Promise<void> => {
      await sleepForever(scope).finally(async () => {
        await quiet();
        log.push("cleaned up");
      });
    };
    await moveOnAfter(
      Infinity,
      async (around) => {
        const call = open(around, cleanUp);
        const ended = ending(call).then(() => log.push("settled"));
        around.cancel();
        await ended;
      },
      { clock },
    );
    assert.deepEqual(log, ["cleaned up", "settled"], name);
  }
});
