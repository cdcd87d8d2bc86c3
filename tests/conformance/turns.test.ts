/** K09, K10: loops that never block leave everybody else their turn, and what runs can be listed. */
import assert from "node:assert/strict";
import { describe } from "node:test";
import { failAfter, moveOnAfter, type Scope, sleep, sleepForever, taskGroup, TimeoutError } from "espalier";
import { tree, type TreeEntry } from "espalier/lowlevel";
import { turn } from "../runtimes/runtime.ts";
import { isA, scenario, thrownBy } from "./case.ts";

describe("K09: a loop over operations that never block lets timers and I/O run, and sees its deadline (G22)", () => {
  const operations: Record<string, (scope: Scope) => Promise<unknown>> = {
    "checkpoint()": (scope) => scope.checkpoint(),
    "sleep(0)": (scope) => sleep(0, scope),
    "wait() for a settled promise": (scope) => scope.wait(Promise.resolve()),
    "join() of a finished task": (scope) => scope.group((group) => group.spawn(() => {}).join(group)),
  };
  for (const [name, operation] of Object.entries(operations)) {
    scenario(`K09: … ${name}: a 10 ms failAfter() around it ends it`, async () => {
      const loop = failAfter(10, async (scope) => {
        for (;;) await operation(scope);
      });
      isA(await thrownBy(loop), TimeoutError);
    });

    scenario(`K09: … ${name}: a timer and an immediate of somebody else get their turn`, async () => {
      const events: string[] = [];
      setTimeout(() => events.push("timer"), 1);
      void turn().then(() => events.push("immediate"));
      await taskGroup(async (group) => {
        while (events.length < 2) await operation(group);
      });
      assert.deepEqual(events.sort(), ["immediate", "timer"]);
    });
  }

  scenario("K09: … a cancellation that comes in such a pause is seen after it", async () => {
    await moveOnAfter(Infinity, async (scope) => {
      setTimeout(() => scope.cancel(), 1);
      for (;;) await scope.checkpoint();
    });
  });
});

scenario("K10: the tree lists parents, children and names; finished ones disappear", async ({ clock }) => {
  type Shape = [name: string, kind: string, children: Shape[]];
  const shape = (entries: readonly TreeEntry[]): Shape[] => entries.map(({ name, kind, children }) => [name, kind, shape(children)]);
  let during: Shape[] = [];
  let afterwards: Shape[] = [];
  await taskGroup(
    async (group) => {
      const server = group.spawn(
        (scope) =>
          scope.failAfter(
            1_000,
            (limit) =>
              limit.group(
                (workers) => {
                  for (const name of ["a", "b"]) workers.spawn((own) => sleep(10, own), { name });
                },
                { name: "workers" },
              ),
            { name: "limit" },
          ),
        { name: "server" },
      );
      group.spawn(function idle(scope) {
        return sleepForever(scope);
      }, { daemon: true });
      during = shape(tree());
      await server.join(group);
      afterwards = shape(tree());
    },
    { clock, name: "program" },
  );
  const idle: Shape = ["idle", "task", []];
  const workers: Shape = ["workers", "taskGroup", [["a", "task", []], ["b", "task", []]]];
  assert.deepEqual(during, [["program", "taskGroup", [["server", "task", [["limit", "failAfter", [workers]]]], idle]]]);
  assert.deepEqual(afterwards, [["program", "taskGroup", [idle]]]);
  assert.deepEqual(tree(), []);
});

scenario("K10: the tree tells who is being cancelled, and who is at its cleanups", async ({ clock }) => {
  const states: (string | undefined)[] = [];
  const look = (): unknown => states.push(tree()[0]?.state);
  await moveOnAfter(
    Infinity,
    async (scope) => {
      scope.defer(look);
      look();
      scope.cancel();
      look();
    },
    { clock },
  );
  assert.deepEqual(states, ["running", "cancelling", "ending"]);
});
