/** Locks: one that nobody else wants, taken and released in a loop; and one for which eight tasks line up. */
import type { Scope } from "../../src/index.ts";
import { taskGroup } from "../espalier.ts";
import { interleave } from "../measure.ts";
import { missing, versioned } from "../rival.ts";
import { atMost, compare, type Row } from "../row.ts";
import { timed, type Ways } from "../sample.ts";
import { Lock } from "../sync.ts";

const items = 20_000;
const users = 8;

/** Each way takes it as its own documentation does: with a callback, released however that ends. */
const alone = (use: (fn: () => void, scope: Scope) => Promise<unknown>): Promise<void> =>
  taskGroup(async (group) => {
    let count = 0;
    for (let n = 0; n < items; n++) await use(() => void count++, group);
  });

const crowded = (use: (fn: () => Promise<void>, scope: Scope) => Promise<unknown>): Promise<void> =>
  taskGroup((group) => {
    for (let user = 0; user < users; user++) {
      group.spawn(async (scope) => {
        for (let n = 0; n < items / users; n++) await use(async () => void (await null), scope);
      });
    }
  });

async function mutex(): Promise<(fn: () => unknown) => Promise<unknown>> {
  const { Mutex } = await import("async-mutex");
  const own = new Mutex();
  return (fn) => own.runExclusive(fn);
}

function lock(): (fn: () => unknown, scope: Scope) => Promise<unknown> {
  const own = new Lock();
  return (fn, scope) => own.use(fn, scope);
}

export const ways = {
  async "alone, async-mutex"() {
    const use = await mutex();
    return timed(items, () => alone(use));
  },
  "alone": () => {
    const use = lock();
    return timed(items, () => alone(use));
  },
  async "crowded, async-mutex"() {
    const use = await mutex();
    return timed(items, () => crowded(use));
  },
  "crowded": () => {
    const use = lock();
    return timed(items, () => crowded(use));
  },
} satisfies Ways;

export const row: Row = {
  async measure() {
    const lack = missing("async-mutex");
    const about = (what: string) => ({ what, items, unit: "µs", reach: atMost(1) });
    if (lack !== undefined) return [{ ...about("a lock"), missing: lack }];
    const took = await interleave(import.meta.url, Object.keys(ways) as (keyof typeof ways)[]);
    const rival = `${versioned("async-mutex")} runExclusive`;
    return [
      compare(about("a lock that nobody else wants"), ["lock.use", took["alone"]], [rival, took["alone, async-mutex"]]),
      compare(about("a lock for which eight line up"), ["lock.use", took["crowded"]], [rival, took["crowded, async-mutex"]]),
    ];
  },
};
