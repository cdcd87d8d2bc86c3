/** X: the user's AsyncLocalStorage stays the user's. The core has no ambient state and needs none. */
import assert from "node:assert/strict";
import { AsyncLocalStorage } from "node:async_hooks";
import { spawnSync } from "node:child_process";
import * as files from "node:fs";
import { join } from "node:path";
import { describe, test } from "node:test";
import { failAfter, moveOnAfter, type Scope, sleep, sleepForever, taskGroup } from "espalier";
import { park, type Waiter } from "espalier/lowlevel";
import { ending, gate, quiet, scenario } from "./case.ts";
import { collectGarbage } from "../runtimes/runtime.ts";

const store = new AsyncLocalStorage<string>();
const here = (): string | undefined => store.getStore();

scenario("X01: a task sees the store of the moment of spawn; what it runs in a store of its own nobody else sees", async ({ clock }) => {
  const seen: Record<string, unknown> = {};
  await store.run("spawner", () =>
    taskGroup(
      async (group) => {
        group.spawn(async (scope) => {
          seen["task"] = here();
          await store.run("inner", async () => {
            await sleep(10, scope);
            seen["inside"] = here();
          });
          seen["task afterwards"] = here();
        });
        group.spawn(async (scope) => {
          await sleep(10, scope);
          seen["sibling"] = here();
        });
        await sleep(20, group);
        seen["body"] = here();
      },
      { clock },
    ),
  );
  assert.deepEqual(seen, { "task": "spawner", "inside": "inner", "task afterwards": "spawner", "sibling": "spawner", "body": "spawner" });
  assert.equal(here(), undefined);
});

scenario("X02: a task that is spawned inside als.run() uses that store, from its first line to its last, and its siblings do not", async ({ clock }) => {
  const seen: unknown[] = [];
  const look = async (scope: Scope): Promise<void> => {
    seen.push(here());
    await sleep(10, scope);
    seen.push(here());
  };
  await taskGroup(
    (group) => {
      store.run("mine", () => group.spawn(look));
      group.spawn(look);
      store.run("another", () => group.spawn(look));
    },
    { clock },
  );
  assert.deepEqual(seen, ["mine", undefined, "another", "mine", undefined, "another"]);
});

scenario("X03: the part of a task that runs inside spawn() leaves the caller's store as it was", async ({ clock }) => {
  await store.run("caller", () =>
    taskGroup(
      async (group) => {
        const seen: unknown[] = [];
        group.spawn((scope) => {
          seen.push(here());
          return store.run("task", () => sleep(1, scope));
        });
        seen.push(here());
        group.trySpawn(() => store.run("task", () => {}));
        seen.push(here());
        await group.start((_scope, started: () => void) => store.run("task", () => started()), group);
        seen.push(here());
        assert.deepEqual(seen, ["caller", "caller", "caller", "caller"]);
      },
      { clock },
    ),
  );
});

describe("X04: what the library runs for itself exposes nobody's store", () => {
  scenario("X04: … a queued task starts in the store of its spawner, not of the task that made room", async ({ clock }) => {
    const seen: unknown[] = [];
    await taskGroup(
      (group) => {
        store.run("first", () => group.spawn((scope) => sleep(10, scope)));
        store.run("second", () => group.spawn(() => seen.push(here())));
        void store.run("third", () =>
          group.start((_scope, started: () => void) => {
            seen.push(here());
            started();
          }, group),
        );
      },
      { clock, concurrency: 1 },
    );
    assert.deepEqual(seen, ["second", "third"]);
  });

  scenario("X04: … the timer that all deadlines share does not run in the store of whoever came first", async () => {
    const seen: Record<string, unknown> = {};
    const limit = (name: string): Promise<unknown> =>
      moveOnAfter(2, (scope) => {
        scope.onCancel(() => (seen[`${name}'s handler`] = here()));
        return sleepForever(scope).catch(() => (seen[name] = here()));
      });
    await Promise.all([store.run("first", () => moveOnAfter(2, sleepForever)), store.run("second", () => limit("second")), limit("third")]);
    const { second, third, ...handlers } = seen;
    assert.deepEqual([second, third], ["second", undefined]);
    // In whose store a handler runs is the clock's affair: not in that of who armed it first.
    assert.deepEqual(Object.keys(handlers).toSorted(), ["second's handler", "third's handler"]);
    assert.ok(!Object.values(handlers).includes("first"));
  });

  scenario("X04: … nor does it keep that store alive", async () => {
    const heavy = new AsyncLocalStorage<object>();
    // In a frame of its own: a register of the one that looks may keep the last promise that it waited for, and that its store.
    const used = async (): Promise<WeakRef<object>> => {
      const store = {};
      await heavy.run(store, async () => {
        // Long enough for the timer of the platform to be set: after that of the outer one, and by us.
        await moveOnAfter(50_000, quiet);
        await ending(failAfter(40_000, () => Promise.reject(new Error("E"))));
      });
      return new WeakRef(store);
    };
    await moveOnAfter(60_000, async (outer) => {
      await quiet();
      const kept = await used();
      for (let round = 0; round < 10 && kept.deref() !== undefined; round++) {
        await quiet();
        collectGarbage();
      }
      assert.equal(kept.deref(), undefined);
      assert.equal(outer.cancelled, false);
    });
  });
});

describe("X07: whoever waits finds its own store again, not that of whoever woke it", () => {
  type Wake = () => unknown;
  const waits: Record<string, (scope: Scope, wakeWith: (wake: Wake) => void) => Promise<unknown>> = {
    "park()": (scope, wakeWith) => park<void>(scope, "test", (waiter: Waiter<void>) => wakeWith(() => waiter.resolve())),
    "wait()": (scope, wakeWith) => {
      const { promise, open } = gate();
      wakeWith(open);
      return scope.wait(promise);
    },
    "sleep()": (scope) => sleep(10, scope),
    "checkpoint()": (scope) => scope.checkpoint(),
    "join()": (scope, wakeWith) =>
      scope.group(async (group) => {
        const { promise, open } = gate();
        wakeWith(open);
        await group.spawn(() => promise).join(group);
      }),
    "vacancy()": (scope, wakeWith) =>
      scope.group(
        (group) => {
          const { promise, open } = gate();
          wakeWith(open);
          group.spawn(() => promise);
          return group.vacancy(group);
        },
        { concurrency: 1 },
      ),
    "start()": (scope, wakeWith) =>
      scope.group(async (group) => {
        await group.start(async (own, started: () => void) => {
          await park<void>(own, "test", (waiter) => wakeWith(() => waiter.resolve()));
          store.run("the task's", started);
        }, group);
      }),
    "a group that drains": (scope, wakeWith) =>
      scope.group((group) => {
        const { promise, open } = gate();
        wakeWith(open);
        group.spawn(() => promise);
      }),
  };
  for (const [name, wait] of Object.entries(waits)) {
    scenario(`X07: … ${name}, by its end`, async ({ clock }) => {
      let seen: unknown;
      await taskGroup(
        async (group) => {
          let wake: Wake | undefined;
          const waiter = store.run("waiter", () =>
            group.spawn(async (scope) => {
              await wait(scope, (how) => (wake = how));
              seen = here();
            }),
          );
          await quiet();
          store.run("waker", () => wake?.());
          await waiter.join(group);
        },
        { clock },
      );
      assert.equal(seen, "waiter");
    });

    if (name === "checkpoint()") continue;
    scenario(`X07: … ${name}, by a cancellation`, async ({ clock }) => {
      let seen: unknown;
      await taskGroup(
        async (group) => {
          let open: Wake | undefined;
          const waiter = store.run("waiter", () =>
            group.spawn(async (scope) => {
              await ending(wait(scope, (how) => (open = how)));
              seen = here();
            }),
          );
          store.run("canceller", () => waiter.cancel());
          open?.();
          await waiter.settled(group);
        },
        { clock },
      );
      assert.equal(seen, "waiter");
    });
  }
});

test("X08: the conformance suites pass where AsyncLocalStorage, and every other module of a platform, does not exist", () => {
  const root = join(import.meta.dirname, "..", "..");
  // Not this one, which is about AsyncLocalStorage, nor what is about processes.
  const suites = files.globSync("tests/conformance/*.test.ts", { cwd: root }).filter((file) => !/(context|program)\.test\.ts$/.test(file));
  const { status, stdout } = spawnSync(
    process.execPath,
    [
      "--conditions=espalier:source",
      "--conditions=browser",
      "--import",
      "./tests/conformance/programs/refuse-platform.ts",
      "--test",
      "--test-isolation=none",
      // A deadlock is reported only where the platform tells what is under way.
      "--test-skip-pattern=/deadlock/",
      "--test-reporter=tap",
      ...suites,
    ],
    // The runner's own variable would make the child speak its runner's language.
    { cwd: root, encoding: "utf8", timeout: 200_000, env: { ...process.env, NODE_TEST_CONTEXT: undefined } },
  );
  const failures = stdout.split("\n").filter((line) => /^\s*not ok/.test(line));
  assert.deepEqual(failures, []);
  assert.equal(status, 0);
  assert.match(stdout, /^# pass [1-9]\d\d/m);
});
