/**
 * A day of virtual time in which callers and workers are cut off, come back and die at random, from seeds.
 *
 * Held against every run: each call settles once; no work runs twice, but in durable calls, of which each that nobody cancelled succeeds; none that has begun goes on for
 * longer than a lease and a beat after its caller died; and nothing is left on any side.
 */
import assert from "node:assert/strict";
import { type Task, taskGroup } from "espalier";
import { WorkerDiedError } from "espalier/cluster";
import { scenario } from "../conformance/case.ts";
import { type Caller, site, type Worker } from "./in-memory.ts";
import { random } from "./seeds.ts";
import { log, takes } from "./works.ts";

const HOUR = 3_600_000;
const LEASE = 120_000;
/** A lease, until it is looked at, and what a message takes. */
const BOUND = LEASE + LEASE / 3 + 1_000;

interface Planned {
  readonly key: number;
  readonly caller: Caller;
  readonly task: Task<unknown>;
  isCancelled: boolean;
}

async function day(seed: number, durable: boolean): Promise<void> {
  const pick = random(seed);
  const { clock, bus, caller, worker } = site({ latency: 3, pick });
  const callers = Array.from({ length: 3 }, (_, n) => caller(`caller-${seed}-${n}`, { lease: LEASE, patience: 100 * HOUR, durable }));
  const workers: Worker[] = [];
  for (let n = 0; n < 4; n++) workers.push(await worker(`worker-${seed}-${n}`, { size: 2, attempts: 1_000, hold: LEASE }));
  const died = new Map<Caller, number>();
  const planned: Planned[] = [];
  const mark = log.length;
  let next = seed * 10_000;
  await taskGroup(async (group) => {
    while (clock.now() < (durable ? 8 : 24) * HOUR) {
      for (let n = pick(4); n > 0; n--) {
        const from = callers[pick(callers.length)]!;
        if (died.has(from)) continue;
        const key = next++;
        const ms = [10, 1_000, LEASE / 2, 3 * LEASE, HOUR][pick(5)]!;
        planned.push({ key, caller: from, task: group.spawn((scope) => from.pool.run(takes, { key, ms }, scope)), isCancelled: false });
      }
      const dice = pick(20);
      const [side, place] = [pick(2) === 0 ? callers : workers, pick(3)];
      const { connection } = side[place]!;
      if (dice < 4 && !connection.isDead) connection.cut(pick(2) === 0);
      else if (dice < 12 && !connection.isDead) connection.heal();
      else if (dice === 12 && side === callers && place === 2 && !died.has(callers[2]!)) {
        died.set(callers[2]!, clock.now());
        connection.die();
      } else if (dice < 16) {
        const one = planned[pick(Math.max(1, planned.length))];
        if (one !== undefined) one.isCancelled = true;
        one?.task.cancel();
      }
      await clock.advance(pick(dice === 19 ? HOUR : 3 * LEASE));
    }
    for (const { connection } of [...callers, ...workers]) if (!connection.isDead) connection.heal();
    const isOver = ({ task, caller: from }: Planned): boolean => task.outcome !== undefined || (durable && died.has(from));
    for (let hour = 0; hour < 72 && !planned.every(isOver); hour++) await clock.advance(HOUR);
    await clock.advance(3 * BOUND);
    for (const { key, task, caller: from } of planned) if (!durable || !died.has(from)) assert.notEqual(task.outcome, undefined, `seed ${seed}: call ${key} never ended`);
    // Of a durable call of a caller that has died, that does not learn of its end.
    for (const { task } of planned) task.cancel();
    for (const from of died.keys()) from.carrier().kill();
  }, { clock, onError: () => {} });
  const own = log.slice(mark);
  for (const { key, caller: from, task, isCancelled } of planned) {
    const { outcome } = task;
    const [began, ...more] = own.filter((entry) => entry.key === key && entry.what === "began");
    const end = own.findLast((entry) => entry.key === key && entry.what !== "began");
    if (!durable) assert.deepEqual(more, [], `seed ${seed}: call ${key} ran twice`);
    else if (!isCancelled && !died.has(from)) assert.equal(task.status, "succeeded", `seed ${seed}: call ${key}: ${JSON.stringify(outcome, (_, value: unknown) => (value instanceof Error ? value.message : value))}`);
    if (began !== undefined) assert.notEqual(end, undefined, `seed ${seed}: call ${key} never ended where it ran`);
    if (outcome?.status === "succeeded") assert.equal(outcome.value, key);
    if (outcome?.status === "failed") assert.ok(outcome.error instanceof WorkerDiedError, `seed ${seed}: ${String(outcome.error)}`);
    const at = died.get(from);
    if (at !== undefined && end?.what === "cancelled" && end.at > at) assert.ok(end.at <= at + BOUND, `seed ${seed}: call ${key} outlived its caller by ${end.at - at} ms`);
  }
  assert.equal(bus.keep.jobs.size, 0, `seed ${seed}: calls are left`);
  for (const { worker: there } of workers) assert.equal(there.statistics().running, 0, `seed ${seed}`);
  for (const { pool } of callers) await pool.close();
  for (const { worker: there, pool } of workers) {
    const drained = there.drain(0);
    await clock.advance(3_000);
    await drained;
    await pool.close();
  }
  assert.equal(bus.listeners.size, workers.length * 2, `seed ${seed}: somebody still listens`);
}

for (const seed of [1, 2, 3]) {
  scenario(`a day with deaths and cuts at random, seed ${seed}`, () => day(seed, false));
  scenario(`a day with deaths and cuts at random, of durable calls, seed ${seed}`, () => day(seed, true));
}
