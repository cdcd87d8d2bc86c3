/**
 * Thousands of calls with random outcomes and cancellations, from seeds.
 *
 * Held against every run: each call settles once, as its work and its cancellation allow, with its own value; never more run than may, and
 * each lifts what it holds; the statistics add up to the calls; and the executor closes.
 */
import assert from "node:assert/strict";
import { type Scope, type Task, taskGroup } from "espalier";
import { type OpenExecutor, type RunOptions, WorkerDiedError } from "espalier/executor";
import { scenario } from "../conformance/case.ts";
import { type On, onEach } from "./executors.ts";
import * as works from "./works.ts";
import { Broken } from "./works.ts";

/** Mulberry32: the same numbers for the same seed. */
function random(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return Math.floor((((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32) * below);
  };
}

interface Planned {
  readonly kind: "value" | "later" | "fails" | "sleeps" | "asks" | "exits";
  readonly number: number;
  readonly options: RunOptions;
}

function plan(pick: (below: number) => number, number: number, on: On, deaths: boolean): Planned {
  const dice = pick(100);
  const kind = deaths && !on.isHere && dice === 0 ? "exits" : dice < 40 ? "value" : dice < 60 ? "later" : dice < 75 ? "fails" : dice < 90 ? "sleeps" : "asks";
  const whenCancelled = (["wait", "wait", "abandon"] as const)[pick(3)]!;
  return { kind, number, options: { whenCancelled, priority: pick(3) } };
}

async function call(pool: OpenExecutor, { kind, number, options }: Planned, task: Scope): Promise<unknown> {
  if (kind === "exits") return pool.run(works.exits, number, task, options);
  if (kind === "asks") return pool.run(works.asks, number, task, { ...options, offers: [works.other.by(async (input, scope) => {
    await scope.checkpoint();
    return input;
  })] });
  return pool.run(works.random, { kind, number }, task, options);
}

/** Why it may not have ended so; `undefined` if it may. */
function wrong({ kind, number }: Planned, task: Task<unknown>, wasCancelled: boolean, deaths: boolean): string | undefined {
  const { outcome } = task;
  if (outcome === undefined) return "did not end";
  if (outcome.status === "cancelled") return wasCancelled ? undefined : "was cancelled by nobody";
  if (outcome.status === "succeeded") return kind !== "fails" && kind !== "exits" && outcome.value === number ? undefined : `gave ${String(outcome.value)}`;
  const { error } = outcome as { error: unknown };
  if (error instanceof WorkerDiedError) return deaths ? undefined : "its worker died";
  return kind === "fails" && error instanceof Broken && error.details === number ? undefined : `failed with ${String(error)}`;
}

async function trial(on: On, seed: number, calls: number, { deaths = false, perWorker = 1 } = {}): Promise<void> {
  const pick = random(seed);
  const pool = on.open({ size: 2, perWorker, maxQueued: 200, onError: () => {} });
  const planned: Planned[] = [];
  const tasks: Task<unknown>[] = [];
  const cancelled = new Set<Task<unknown>>();
  await taskGroup(async (group) => {
    const watch = group.spawn(async (scope) => {
      for (;;) {
        await new Promise((resolve) => void setImmediate(resolve));
        scope.throwIfCancelled();
        assert.ok(pool.statistics().running <= 2 * perWorker, `${pool.statistics().running} run`);
      }
    });
    while (planned.length < calls) {
      for (let burst = 1 + pick(80); burst > 0 && planned.length < calls; burst--) {
        const one = plan(pick, planned.length, on, deaths);
        planned.push(one);
        tasks.push(group.spawn((scope) => call(pool, one, scope)));
      }
      for (let n = pick(20); n > 0; n--) {
        const victim = tasks[Math.max(0, tasks.length - 1 - pick(150))]!;
        if (victim.outcome === undefined) cancelled.add(victim);
        victim.cancel();
      }
      if (pick(2) === 0) await new Promise((resolve) => void setImmediate(resolve));
    }
    for (const task of tasks) await task.join(group).catch(() => {});
    watch.cancel();
  }, { onError: () => {} });
  await pool.close();
  const findings = tasks.flatMap((task, index) => wrong(planned[index]!, task, cancelled.has(task), deaths) ?? []);
  assert.deepEqual(findings, [], `seed ${seed}`);
  const { succeeded, failed, cancelled: ended, running, queued, waiting, abandoned } = pool.statistics();
  assert.deepEqual({ running, queued, waiting, abandoned }, { running: 0, queued: 0, waiting: 0, abandoned: 0 }, `seed ${seed}`);
  assert.equal(succeeded + failed + ended, calls, `seed ${seed}`);
}

onEach((on) => {
  for (const seed of [1, 2]) scenario(`2,000 random calls, seed ${seed}`, () => trial(on, seed, 2_000));
  scenario("2,000 random calls, four to a worker at a time", () => trial(on, 3, 2_000, { perWorker: 4 }));
  if (!on.isHere && !on.repeats) scenario("500 random calls, of which some end their worker", () => trial(on, 4, on.sharesMemory ? 500 : 200, { deaths: true }));
});
