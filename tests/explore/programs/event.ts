/** The event: whoever waited when it was set goes on. */
import assert from "node:assert/strict";
import type { TaskGroup } from "espalier";
import { Event } from "../primitives/event.ts";
import { LONG, type Study, work } from "../study.ts";

/** A service that is up for a while: who waited for it learns of it, at whatever time. */
async function pulse(group: TaskGroup): Promise<void> {
  const up = new Event();
  let told = 0;
  group.spawn(
    async (scope) => {
      await up.wait(scope);
      told++;
    },
    { name: "client" },
  );
  group.spawn(
    async (scope) => {
      await work(2, scope);
      up.set();
      await work(LONG, scope);
      up.clear();
    },
    { name: "service" },
  );
  // A client that asks when the service is down again waits for ever, and is no mistake: this one asked at once.
  group.defer(() => assert.equal(told, 1));
}

/** A wait for something that never comes ends with its cancellation. */
async function givingUp(group: TaskGroup): Promise<void> {
  const never = new Event();
  const client = group.spawn((scope) => never.wait(scope), { name: "client" });
  await group.checkpoint();
  client.cancel("not wanted any more");
}

async function everyone(group: TaskGroup): Promise<void> {
  const event = new Event();
  for (const name of ["a", "b", "c"]) {
    group.spawn(
      async (scope) => {
        await scope.checkpoint();
        await event.wait(scope);
      },
      { name },
    );
  }
  await group.checkpoint();
  event.set();
}

export const studies: Readonly<Record<string, Study>> = {
  pulse: { program: pulse, isSmall: true },
  givingUp: { program: givingUp, isSmall: true },
  everyone: { program: everyone, faults: ["cancel"], isSmall: true },
};
