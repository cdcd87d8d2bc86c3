/**
 * The core under every order of its own wake-ups, and with any task cancelled at any step: what the guarantees say
 * must hold in all of them. A program is right when it throws nothing but the cancellation that was injected.
 */
import assert from "node:assert/strict";
import { test } from "node:test";
import { CancelledError, moveOnAfter, type Scope, sleep, sleepForever, type TaskGroup, TaskGroupError } from "espalier";
import { type ExploreOptions, explore, type Program } from "espalier/testing";

const steps = async (scope: Scope, count: number): Promise<void> => {
  for (let step = 0; step < count; step++) await scope.checkpoint();
};

/** Explored without faults, and again with one task, and two, cancelled at any step. */
function holds(title: string, program: Program, options: ExploreOptions = {}): void {
  test(title, async () => {
    await explore(program, { schedules: 1_500, seeds: 300, ...options });
    for (const mostFaults of [1, 2]) await explore(program, { schedules: 1_000, seeds: 300, faults: ["cancel"], mostFaults, ...options });
  });
}

/** Every injected cancellation ends in the task that it was for. */
function isolated(group: TaskGroup, fns: readonly ((scope: Scope) => unknown)[]): Promise<PromiseSettledResult<unknown>[]> {
  return group.allSettled(fns);
}

holds("no more tasks run than the group has places, and all of them run (L27)", async (group) => {
  let running = 0;
  const ended: number[] = [];
  const outcomes = await group.group(
    (pool) =>
      [0, 1, 2, 3].map((n) =>
        pool.spawn(async (scope) => {
          running++;
          assert.ok(running <= 2, `${running} at once`);
          try {
            await steps(scope, n % 2);
          } finally {
            running--;
            ended.push(n);
          }
        }),
      ),
    { concurrency: 2 },
  );
  // Each task was called at most once, and has ended; whoever succeeded was called.
  assert.equal(new Set(ended).size, ended.length);
  outcomes.forEach(({ outcome }, n) => assert.ok(outcome?.status === "cancelled" || (outcome?.status === "succeeded" && ended.includes(n)), `${n}: ${outcome?.status}`));
  assert.equal(running, 0);
});

holds("a vacancy is offered to one at a time, and every one who waits is released (L31)", async (group) => {
  let most = 0;
  const spawned: string[] = [];
  await group.group(
    async (pool) => {
      pool.spawn((scope) => steps(scope, 2));
      const producer = (name: string) => async (scope: Scope) => {
        do await pool.vacancy(scope);
        while (pool.trySpawn((own) => steps(own, 1)) === undefined);
        spawned.push(name);
        most = Math.max(most, pool.size);
      };
      await isolated(group, [producer("a"), producer("b"), producer("c")]);
    },
    { concurrency: 1 },
  );
  assert.ok(most <= 1, `${most} tasks where there is one place`);
  assert.equal(new Set(spawned).size, spawned.length);
});

holds("map() gives its results in order, and closes its source once, however it ends (A)", async (group) => {
  let closed = 0;
  let running = 0;
  function* source(): Generator<number> {
    try {
      yield* [0, 1, 2, 3];
    } finally {
      closed++;
    }
  }
  const mapping = group.spawn((scope) =>
    scope.map(
      source(),
      async (n, own) => {
        running++;
        assert.ok(running <= 2, `${running} at once`);
        try {
          await steps(own, (n * 2) % 3);
          return n;
        } finally {
          running--;
        }
      },
      { concurrency: 2 },
    ),
  );
  const outcome = await mapping.settled(group);
  assert.equal(closed, 1);
  assert.equal(running, 0);
  // What was cut short by the injected cancellation alone leaves a hole.
  if (outcome.status === "succeeded") outcome.value.forEach((value, n) => assert.ok(value === n || value === undefined, `${value} in place ${n}`));
  else assert.equal(outcome.status, "cancelled");
});

holds("race() keeps one value and discards each of the others once; nobody runs on (A05)", async (group) => {
  const made: string[] = [];
  const discarded: unknown[] = [];
  let running = 0;
  const make = (name: string, count: number) => async (scope: Scope) => {
    running++;
    try {
      await steps(scope, count);
      made.push(name);
      return name;
    } finally {
      running--;
    }
  };
  const racing = group.spawn((scope) => scope.race([make("a", 1), make("b", 1), make("c", 2)], { discard: (value) => void discarded.push(value) }));
  const outcome = await racing.settled(group);
  assert.equal(running, 0);
  const kept = outcome.status === "succeeded" ? [outcome.value] : [];
  assert.deepEqual([...kept, ...discarded].toSorted(), made.toSorted());
});

holds("any() gives a value, or all failures, also where a task of it is cancelled by itself (A13)", async (group) => {
  const failures = [new Error("a"), new Error("b")];
  const fail = (failure: Error) => (scope: Scope) => scope.checkpoint().then(() => Promise.reject(failure));
  const told = (error: unknown): unknown => (error instanceof CancelledError ? Promise.reject(error) : error);
  const outcome = await group.spawn((scope) => scope.any(failures.map(fail)).then(() => "a value", told)).settled(group);
  if (outcome.status === "cancelled") return;
  assert.ok(outcome.status === "succeeded" && outcome.value instanceof TaskGroupError, String(outcome.status));
  assert.ok(outcome.value.errors.every((error) => failures.includes(error as Error)));
});

holds("start(): a failure is told to the caller before started(), to the group afterwards, and to both or nobody never (G15)", async (group, trial) => {
  const failure = new Error("broken");
  const failsEarly = trial.choose(2, "fails early") === 1;
  let byCaller = false;
  const server = group.spawn(async (scope) => {
    const owner = scope.group(async (own) => {
      const starting = own.start(async (at, started: () => void) => {
        await at.checkpoint();
        if (failsEarly) throw failure;
        started();
        await at.checkpoint();
        throw failure;
      }, own);
      await starting.catch((error: unknown) => {
        if (error === failure) byCaller = true;
        // Cancelled by itself: that too is the caller's to know.
        else if (!(error instanceof CancelledError)) throw error;
      });
    });
    return await owner.then(
      () => "returned",
      (error: unknown) => (error instanceof CancelledError ? Promise.reject(error) : "failed"),
    );
  });
  const outcome = await server.settled(group);
  assert.notEqual(outcome.status, "failed");
  if (outcome.status !== "succeeded") return;
  assert.ok(!(byCaller && outcome.value === "failed"), "told twice");
  if (byCaller) assert.ok(failsEarly);
  if (outcome.value === "failed") assert.ok(!failsEarly);
});

holds("cleanups run once, the last first, whoever cancels when (G23)", async (group) => {
  const ran: string[] = [];
  const task = group.spawn(async (scope) => {
    scope.defer((own) => steps(own, 1).then(() => void ran.push("first")));
    await scope.checkpoint();
    scope.defer((own) => steps(own, 1).then(() => void ran.push("second")));
    await scope.checkpoint();
  });
  await task.settled(group);
  assert.ok(["", "first", "second,first"].includes(ran.join()), ran.join());
});

holds("all who join a task are told the same, when it has ended (G8)", async (group) => {
  let isOver = false;
  const task = group.spawn(async (scope) => {
    try {
      await steps(scope, 2);
      return "value";
    } finally {
      isOver = true;
    }
  });
  const look = async (scope: Scope): Promise<unknown> => {
    const outcome = await task.settled(scope);
    assert.ok(isOver || outcome.status === "cancelled");
    return outcome;
  };
  const seen = (await isolated(group, [look, look])).filter((one) => one.status === "fulfilled").map(({ value }) => value);
  assert.ok(new Set(seen).size <= 1, "two outcomes of one task");
});

holds("a shielded cleanup comes to its end, and the task ends after it (B)", async (group) => {
  let cleaned = 0;
  let begun = 0;
  const task = group.spawn(async (scope) => {
    begun++;
    try {
      await steps(scope, 1);
    } finally {
      await scope.shield(async (own) => {
        await steps(own, 2);
        cleaned++;
      });
    }
  });
  await task.settled(group);
  assert.equal(cleaned, begun);
});

holds("a value that comes in the moment of the deadline is given or not, and never both (G10)", async (group) => {
  let handed = 0;
  const work = async (scope: Scope): Promise<string> => {
    await sleep(10, scope);
    handed++;
    return "value";
  };
  const result = await group.spawn((scope) => scope.moveOnAfter(10, work, { fallback: "late" })).settled(group);
  if (result.status === "succeeded") assert.equal(result.value, handed === 1 ? "value" : "late");
});

holds("nothing is left running when the call returns, of a tree with groups, limits and daemons (G1)", async (group) => {
  let alive = 0;
  const work = (count: number) => async (scope: Scope) => {
    alive++;
    try {
      await steps(scope, count);
    } finally {
      alive--;
    }
  };
  const outcome = await group
    .spawn((scope) =>
      scope.group(async (own) => {
        own.spawn(async (at) => void (await work(0)(at), await sleepForever(at)), { daemon: true });
        own.spawn((at) => at.failAfter(50, (limited) => limited.group((inner) => void (inner.spawn(work(1)), inner.spawn(work(2))))));
        await work(1)(own);
      }),
    )
    .settled(group);
  assert.equal(alive, 0);
  assert.notEqual(outcome.status, "failed");
});

test("a deadline and a cancellation at the same moment: one cause, in every order (G9)", async () => {
  await explore(async (group) => {
    const causes = new Set<unknown>();
    const note = async (scope: Scope): Promise<void> => {
      await sleepForever(scope).catch((error: unknown) => causes.add(error));
    };
    const limited = group.spawn((scope) => scope.moveOnAfter(10, (own) => own.group((inner) => void (inner.spawn(note), inner.spawn(note)))));
    await moveOnAfter(10, (scope) => sleepForever(scope), { signal: group.signal });
    limited.cancel("also");
    await limited.settled(group);
    assert.equal(causes.size, 1);
  });
});
