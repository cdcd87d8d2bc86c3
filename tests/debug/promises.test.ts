/** The deep tier: plain async functions that a task leaves running. */
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { setImmediate as turn } from "node:timers/promises";
import { failAfter, type Scope, sleep, sleepForever, taskGroup, type TaskFunction } from "espalier";
import { watchPromises } from "espalier/debug";
import { kinds, listen, lose, reports } from "./listening.ts";

listen();
watchPromises();

let end!: () => void;
/** What the async functions of these tests wait for: it comes when the tasks have ended. */
let later: Promise<void>;

async function save(what = "order"): Promise<string> {
  await later;
  return `saved ${what}`;
}

/** Runs a task to its end, and what it left running after it. */
async function run(fn: TaskFunction<unknown>, afterwards: (result: unknown) => unknown = () => {}): Promise<void> {
  later = new Promise((resolve) => (end = resolve));
  const result = await taskGroup((group) => group.spawn(fn, { name: "careless" }).join(group), { name: "main" });
  await afterwards(result);
  lose();
  end();
  await turn();
}

const here = /promises\.test\.ts:\d+$/;

describe("an async function that nobody awaits", () => {
  test("is told when its task has returned, with the line that called it", async () => {
    await run(async () => void save());
    assert.deepEqual(kinds(), ["forgotten-await"]);
    const [report] = reports;
    assert.match(report!.what, /"save" was still running when "careless" had returned/);
    assert.deepEqual(report!.path, ["main", "careless"]);
    assert.match(report!.standsAt!, here);
    assert.match(report!.spawnedAt!, here);
  });

  test("is told also when it was called after an await, and in a scope within", async () => {
    await run(async (scope) => {
      await turn();
      await scope.failAfter(60_000, async (inner) => {
        await inner.checkpoint();
        void save();
      });
    });
    assert.deepEqual(kinds(), ["forgotten-await"]);
  });

  test("is told once for a line that calls many, as forEach does", async () => {
    await run(() => [1, 2, 3].forEach(async () => save()));
    assert.deepEqual(kinds(), ["forgotten-await"]);
    assert.match(reports[0]!.what, /^An async function was/);
  });

  test("is told of a body at the root", async () => {
    later = new Promise((resolve) => (end = resolve));
    await failAfter(60_000, async () => void save(), { name: "root" });
    lose();
    end();
    assert.deepEqual(reports.map(({ path }) => path), [["root"]]);
  });

  test("is told of a function of the runtime that the program called", async () => {
    const { once, EventEmitter } = await import("node:events");
    const emitter = new EventEmitter();
    await run(() => void once(emitter, "done"));
    assert.deepEqual(kinds(), ["forgotten-await"]);
  });
});

describe("nothing is told of", () => {
  const fine: Record<string, TaskFunction<unknown>> = {
    "what is awaited": async () => {
      end();
      await save();
    },
    "what is awaited later": async () => {
      const saving = save();
      await turn();
      end();
      await saving;
    },
    "Promise.all": async () => {
      end();
      await Promise.all([save(), save()]);
    },
    "the losers of Promise.race": () => Promise.race([save(), turn()]),
    "what is handled with then": async () => void save().then(() => {}),
    "what is to be left alone, and says so": async () => void save().catch(() => {}),
    "what the task returns": () => {
      end();
      return save();
    },
    "what an async function returns": async () => {
      end();
      return save();
    },
    "what a generator awaits": async () => {
      end();
      const values = async function* () {
        yield await save();
      };
      for await (const value of values()) assert.equal(value, "saved order");
    },
    "what has ended by then": async () => {
      void (async () => turn())();
      await turn();
      await turn();
    },
    "promises that no async function made": async () => {
      void new Promise(() => {});
      void Promise.all([later, new Promise(() => {})]);
      void later.then(() => {});
    },
    "what the library does by itself": async (scope) => {
      await scope.race([(own) => sleepForever(own), (own) => sleep(1, own)]);
      await scope.moveOnAfter(1, (own) => own.wait(save()));
    },
    "what a module loads": async () => import("node:zlib"),
  };
  for (const [what, fn] of Object.entries(fine)) {
    test(what, async () => {
      await run(fn);
      assert.deepEqual(reports, []);
    });
  }

  test("what a task hands over in what it returns, and somebody awaits", async () => {
    await run(
      async () => ({ saving: save() }),
      async (result) => {
        end();
        await (result as { saving: Promise<string> }).saving;
      },
    );
    assert.deepEqual(reports, []);
  });

  test("a task that failed or was cancelled: it had no time to await", async () => {
    later = new Promise((resolve) => (end = resolve));
    const failing = async (): Promise<void> => {
      void save();
      throw new Error("no");
    };
    await taskGroup(
      async (group) => {
        const task = group.spawn(async (scope: Scope) => {
          void save();
          await sleepForever(scope);
        });
        group.spawn(failing);
        task.cancel();
        await task.settled(group);
      },
      { onError: (error) => assert.match(String(error), /no/) },
    );
    lose();
    end();
    assert.deepEqual(reports, []);
  });

  test("a thousand tasks that wait as they should", async () => {
    later = Promise.resolve();
    await taskGroup(
      (group) => {
        for (let n = 0; n < 1_000; n++) {
          group.spawn(async (scope) => {
            await save(`order ${n}`);
            await sleep(n % 3, scope);
            await Promise.all([save(), turn(), scope.map([1, 2], async () => save())]);
          });
        }
      },
      { concurrency: 50 },
    );
    lose();
    assert.deepEqual(reports, []);
  });
});

test("a task that makes promises without end keeps the latest of them only", async () => {
  const another = async (): Promise<string> => save();
  await run(async () => {
    void save();
    for (let n = 0; n < 10_000; n++) void another();
  });
  assert.deepEqual(reports.map(({ what }) => /"(\w+)" was/.exec(what)?.[1]), ["another"]);
});

test("to ask for the deep tier twice is to ask once", async () => {
  assert.equal(watchPromises(), true);
  await run(async () => void save());
  assert.deepEqual(kinds(), ["forgotten-await"]);
});
