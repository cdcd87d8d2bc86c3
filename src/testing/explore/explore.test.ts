/** `explore` and `replay`: what they find, what they say of it, and that a seed means one run. */
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { CancelledError, failAfter, sleep, type TaskGroup, type Scope } from "espalier";
import { park, tree, type Waiter } from "espalier/lowlevel";
import { DeadlockError, EndlessRun, ExplorationError, explore, external, InjectedFault, NotDeterministicError, replay, type Trial } from "espalier/testing";

async function finding(exploring: Promise<unknown>): Promise<ExplorationError> {
  const error: unknown = await exploring.then(
    (result) => assert.fail(`nothing was found: ${JSON.stringify(result)}`),
    (thrown: unknown) => thrown,
  );
  assert.ok(error instanceof ExplorationError, String(error));
  return error;
}

/** Right in the usual order. */
async function checkThenAct(group: TaskGroup): Promise<void> {
  let free = 1;
  let most = 0;
  const take = (steps: number) => async (scope: Scope) => {
    for (let step = 0; step < steps; step++) await scope.checkpoint();
    if (free === 0) return;
    await scope.checkpoint();
    free--;
    most++;
    await scope.checkpoint();
    await scope.checkpoint();
  };
  await group.all([take(0), take(4)]);
  assert.ok(most <= 1, "taken twice");
}

/** Needs one task to be slow for longer than chance lets it. */
async function slowReader(group: TaskGroup): Promise<void> {
  let version = 0;
  group.spawn(
    async (scope) => {
      for (; version < 24; version++) await scope.checkpoint();
    },
    { name: "writer" },
  );
  const seen = version;
  await group.checkpoint();
  if (version - seen >= 24) throw new Error("overtaken");
}

describe("explore() finds what the usual order hides", () => {
  test("… and says in which schedule, shrunk to the deviations that it takes", async () => {
    const error = await finding(explore(checkThenAct));
    assert.equal((error.cause as Error).message, "taken twice");
    assert.equal(error.schedule.split(",").length, 1);
    assert.match(error.message, /takes one turn from the plain order/);
    assert.match(error.timeline, /▸/);
    assert.match(error.message, /replay\(checkThenAct, "/);
  });

  test("… by chance alone, with the seed", async () => {
    const error = await finding(explore(checkThenAct, { schedules: 0 }));
    assert.equal(typeof error.seed, "number");
    const again = await finding(replay(checkThenAct, error.seed!));
    assert.equal((again.cause as Error).message, "taken twice");
  });

  test("… by priorities where chance does not: one task that is slow for long", async () => {
    const even = Array.from({ length: 500 }, (_, n) => 2 * n);
    assert.equal((await explore(slowReader, { schedules: 0, seeds: even })).complete, false);
    const error = await finding(explore(slowReader, { schedules: 0, seeds: even.map((seed) => seed + 1) }));
    assert.equal((error.cause as Error).message, "overtaken");
  });

  test("… also in the order of timers that are due together", async () => {
    const program = async (group: TaskGroup): Promise<void> => {
      const order: string[] = [];
      const late = (name: string) => async (scope: Scope) => {
        await sleep(10, scope);
        order.push(name);
      };
      await group.all([late("a"), late("b")]);
      assert.deepEqual(order, ["a", "b"]);
    };
    assert.match((await finding(explore(program))).timeline, /▸ +10/);
  });

  test("… and, where some slack is given, of those that are due one after the other", async () => {
    const program = async (group: TaskGroup): Promise<void> => {
      const order: number[] = [];
      const late = (ms: number) => async (scope: Scope) => {
        await sleep(ms, scope);
        order.push(ms);
      };
      await group.all([late(99), late(100)]);
      assert.deepEqual(order, [99, 100]);
      assert.equal(group.now(), 100);
    };
    assert.equal((await explore(program)).complete, true);
    await finding(explore(program, { slack: 1 }));
  });

  test("… and in what the program leaves open itself", async () => {
    const program = async (_group: TaskGroup, trial: Trial): Promise<void> => {
      assert.notDeepEqual([trial.choose(3), trial.choose(3, "colour")], [2, 1]);
    };
    const error = await finding(explore(program));
    assert.equal(error.schedule, "0:2,1:1");
    assert.match(error.timeline, /colour: 1/);
  });
});

describe("explore() tells of a run that does not end", () => {
  test("… a deadlock at once, and nothing of it is left", async () => {
    const locks = [new Set<Waiter<void>>(), new Set<Waiter<void>>()] as const;
    const until = (side: 0 | 1) => (scope: Scope) => park<void>(scope, `lock ${side}`, (waiter) => void locks[side].add(waiter));
    const error = await finding(explore(async (group) => void (await group.all([until(0), until(1)]))));
    assert.ok(error.cause instanceof DeadlockError);
    assert.match(error.cause.message, /lock 0[^]*lock 1/);
    assert.deepEqual(tree(), []);
  });

  test("… nor of one in a shield", async () => {
    const error = await finding(explore((group) => group.shield((scope) => park<void>(scope, "for ever", () => {}))));
    assert.ok(error.cause instanceof DeadlockError);
    assert.match(error.message, /in the usual order, without any search/);
    assert.deepEqual(tree(), []);
  });

  test("… and a livelock after so many steps", async () => {
    const program = async (group: TaskGroup): Promise<never> => {
      for (;;) await group.checkpoint();
    };
    const error = await finding(explore(program, { steps: 50 }));
    assert.ok(error.cause instanceof EndlessRun);
    assert.deepEqual(tree(), []);
  });
});

describe("explore() lets things go wrong where it is asked to", () => {
  test("… a task is cancelled at any step: a cleanup that is not shielded is found", async () => {
    let isOpen = false;
    const careless = async (group: TaskGroup): Promise<void> => {
      isOpen = false;
      const task = group.spawn(async (scope) => {
        isOpen = true;
        try {
          await scope.checkpoint();
        } finally {
          await scope.checkpoint();
          isOpen = false;
        }
      });
      await task.settled(group);
      assert.equal(isOpen, false, "left open");
    };
    assert.equal((await explore(careless)).complete, true);
    const error = await finding(explore(careless, { faults: ["cancel"] }));
    assert.match((error.cause as Error).message, /left open/);
    assert.match(error.timeline, /▸.*explore\(\) cancels it/);
  });

  test("… a wait for a promise fails", async () => {
    const seen: unknown[] = [];
    const program = async (group: TaskGroup): Promise<void> => {
      seen.push(await group.wait(Promise.resolve("value")).catch((error: unknown) => error));
    };
    assert.equal((await explore(program, { faults: ["fail"] })).complete, true);
    assert.ok(seen.some((one) => one instanceof InjectedFault));
    assert.ok(seen.includes("value"));
  });

  test("… what is ready takes long: a time limit that is too tight is found", async () => {
    const program = (group: TaskGroup): Promise<void> => group.failAfter(500, (scope) => sleep(100, scope).then(() => scope.checkpoint()));
    assert.equal((await explore(program)).complete, true);
    const error = await finding(explore(program, { faults: ["delay"] }));
    assert.equal((error.cause as Error).name, "TimeoutError");
  });

  test("… and no more often than it is told", async () => {
    const program = async (group: TaskGroup): Promise<void> => {
      const task = (scope: Scope): Promise<void> => scope.checkpoint();
      const outcomes = await group.allSettled([task, task, task]);
      const cancelled = outcomes.filter((outcome) => outcome.status === "rejected" && outcome.reason instanceof CancelledError);
      assert.ok(cancelled.length <= 1, `${cancelled.length} cancelled`);
    };
    await explore(program, { faults: ["cancel"] });
    const error = await finding(explore(program, { faults: ["cancel"], mostFaults: 2 }));
    assert.match(String(error.cause), /2 cancelled/);
  });
});

describe("the search by deviations", () => {
  test("runs every order of a small program once, and then says that it is complete", async () => {
    const orders = new Set<string>();
    const program = async (group: TaskGroup): Promise<void> => {
      const order: string[] = [];
      const twice = (name: string) => async (scope: Scope) => {
        for (let step = 0; step < 2; step++) {
          await scope.checkpoint();
          order.push(name);
        }
      };
      await group.all([twice("a"), twice("b"), twice("c")]);
      orders.add(order.join(""));
    };
    const { complete, schedules } = await explore(program, { seeds: 0 });
    assert.equal(complete, true);
    // Three tasks of two steps each: 6! / (2! 2! 2!) orders, and but one schedule for each, beside the usual order.
    assert.equal(orders.size, 90);
    assert.equal(schedules, 90 + 1);
  });

  test("stops where it is told to, and seeds go on", async () => {
    const program = (group: TaskGroup): Promise<unknown> => group.all(Array.from({ length: 6 }, () => (scope: Scope) => scope.checkpoint()));
    assert.deepEqual(await explore(program, { schedules: 20, seeds: 30 }), { schedules: 50, complete: false, decisions: 5 });
  });
});

describe("replay()", () => {
  test("gives the same run for the same seed, each time", async () => {
    const program = async (group: TaskGroup, trial: Trial): Promise<void> => {
      const worker = (name: string) => async (scope: Scope) => {
        for (let step = 0; step < 5; step++) {
          await sleep(trial.choose(3), scope);
          trial.note(`${name} ${step}`);
        }
      };
      await group.all([worker("a"), worker("b"), worker("c")]);
    };
    for (const seed of [0, 1, 2, 3, 1_001]) {
      const once = await replay(program, seed);
      assert.equal(await replay(program, seed), once);
      assert.notEqual(await replay(program, seed + 2), once);
    }
  });

  test("refuses what is no schedule", async () => {
    await assert.rejects(replay(async () => {}, "7-2"), TypeError);
    await assert.rejects(replay(async () => {}, "3:1,2:1"), TypeError);
    await assert.rejects(replay(async () => {}, -1), RangeError);
  });

  test("says so where the program has no such schedule", async () => {
    await assert.rejects(replay(async (group) => group.checkpoint(), "0:5"), NotDeterministicError);
  });
});

describe("a program that is not the same each time", () => {
  test("is told apart from one that fails", async () => {
    let runs = 0;
    const program = async (group: TaskGroup): Promise<void> => {
      runs++;
      await group.all(Array.from({ length: 1 + (runs % 2) }, () => (scope: Scope) => scope.checkpoint()));
    };
    await assert.rejects(explore(program), (error) => error instanceof NotDeterministicError && /Math\.random/.test(error.message));
  });

  test("is told also where only what it does is another, and not how much", async () => {
    let runs = 0;
    const program = async (group: TaskGroup): Promise<void> => {
      runs++;
      await (runs % 2 === 0 ? group.checkpoint() : sleep(1, group));
    };
    await assert.rejects(explore(program), NotDeterministicError);
  });
});

test("an exploration leaves other trees of the process alone", async () => {
  const other = failAfter(60_000, async (scope) => {
    for (let step = 0; step < 100; step++) await scope.checkpoint();
    return "done";
  });
  const [result] = await Promise.all([other, explore(async (group) => void (await group.all([(scope) => scope.checkpoint(), (scope) => scope.checkpoint()])))]);
  assert.equal(result, "done");
});

test("explore() ends between two runs when its signal aborts", async () => {
  const controller = new AbortController();
  let runs = 0;
  const program = async (group: TaskGroup): Promise<void> => {
    if (++runs === 10) controller.abort(new Error("enough"));
    await group.all([1, 2, 3, 4].map(() => (scope: Scope) => scope.checkpoint()));
  };
  await assert.rejects(explore(program, { signal: controller.signal }), /enough/);
  assert.equal(runs, 10);
});

test("an exploration waits for work of the outside that is registered", async () => {
  const program = async (group: TaskGroup): Promise<void> => {
    const answer = external(new Promise<number>((resolve) => void setImmediate(() => void setImmediate(resolve, 42))));
    assert.equal(await group.wait(answer), 42);
  };
  // In which order the outside answers is not explored.
  assert.equal((await explore(program)).complete, false);
});

test("under every order what was handed over beats a later cancellation, also one of the same turn (G8)", async () => {
  const program = async (group: TaskGroup): Promise<void> => {
    let resolve!: (value: string) => void;
    const promise = new Promise<string>((give) => (resolve = give));
    const taker = group.spawn((scope) => scope.wait(promise));
    await group.all([
      (scope) => scope.checkpoint(),
      async () => {
        resolve("a value");
        taker.cancel();
      },
    ]);
    assert.deepEqual(await taker.settled(), { status: "succeeded", value: "a value" });
  };
  assert.equal((await explore(program)).complete, true);
  assert.equal((await explore(program, { faults: ["delay"] })).complete, true);
});

test("a program may open roots of its own on the clock of its trial", async () => {
  const program = async (_group: TaskGroup, trial: Trial): Promise<void> => {
    await failAfter(1_000, (scope) => sleep(999, scope), { clock: trial.clock });
    assert.equal(trial.clock.now(), 999);
  };
  assert.equal((await explore(program)).complete, true);
});

test("explore() refuses options that are no numbers, and a program that is no function", async () => {
  await assert.rejects(explore(async () => {}, { schedules: Number.NaN }), RangeError);
  await assert.rejects(explore(async () => {}, { depth: 0 }), RangeError);
  await assert.rejects(explore(undefined as never), TypeError);
});
