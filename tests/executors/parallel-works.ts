/** The works of the suite of data parallelism. */
import { sleepForever } from "espalier";
import { callback, type Chunk, work } from "espalier/executor";
import { Broken } from "./works.ts";

/** So that it comes back as what it is. */
export { Broken };

/** How often each number was met, and how many met it at the same time. */
export interface Counts {
  readonly met: Int32Array;
  readonly origin: number;
}

export const count = work(import.meta, "count", ({ from, to, shared: { met, origin } }: Chunk<Counts>) => {
  for (let at = from; at < to; at++) Atomics.add(met, at - origin, 1);
});

/** The same, of which some wait first. */
export const countLater = work(import.meta, "countLater", ({ from, to, shared: { met, origin } }: Chunk<Counts>) => {
  const meet = (): void => {
    for (let at = from; at < to; at++) Atomics.add(met, at - origin, 1);
  };
  return from % 3 === 0 ? meet() : Promise.resolve().then(meet);
});

/** How many there were in all. */
export const total = work(import.meta, "total", ({ from, to, shared }: Chunk<BigInt64Array>) => void Atomics.add(shared, 0, BigInt(to - from)));

/** Counts, and takes longer than it may without a pause for others. */
export const long = work(import.meta, "long", ({ from, to, shared }: Chunk<Int32Array>) => {
  Atomics.add(shared, 0, to - from);
  for (const until = performance.now() + 80; performance.now() < until; );
});

/** What it was asked for, chunk by chunk, as text: put together in order it is the range. */
export const spell = work(import.meta, "spell", ({ from, to }: Chunk) => {
  let text = "";
  for (let at = from; at < to; at++) text += `${at},`;
  return text;
});

/** The sum depends on the order of adding. */
export const inverses = work(import.meta, "inverses", async ({ from, to }: Chunk) => {
  let sum = 0;
  for (let at = from; at < to; at++) sum += 1 / (at + 1);
  return Promise.resolve(sum);
});

export const join = work(import.meta, "join", (items: readonly unknown[]) => items.map((item) => `${String(item)},`).join(""));
export const sizeOf = work(import.meta, "sizeOf", ({ from, to }: Chunk<unknown>) => [to - from]);

// For items.

/** The name of its scope. */
export const named = work(import.meta, "named", (_item: unknown, scope) => scope.name);
export const unoffered = callback<void, void>(import.meta, "unoffered");
/** Asks for what nobody offers. */
export const asking = work(import.meta, "asking", (_item: unknown, scope) => scope.caller.call(unoffered, undefined));

/** Some take longer, some wait. */
export const uneven = work(import.meta, "uneven", (n: number): unknown => {
  if (n % 7 === 3) return Promise.resolve(n * 2);
  for (let round = 0; round < (n % 5) * 1_000; round++) Math.sqrt(round);
  return n * 2;
});

export const describe = work(import.meta, "describe", (item: unknown) => String(item));
export const back = work(import.meta, "back", (item: unknown) => item);
export const handlerOf = work(import.meta, "handlerOf", (n: number) => (n === 7 ? { list: [() => {}] } : n));
export const asks = work(import.meta, "asks", (n: number, scope) => scope.caller.call(reached, n));

/** How many of it run at a time is for the caller to count. */
export const alone = work(import.meta, "alone", async (n: number, scope) => {
  await scope.caller.call(reached, n);
  await scope.caller.call(left, n);
  return n;
}, { concurrency: 1 });

const mine = work(import.meta, "mine", () => {});
/** Under a name that is not the one of its declaration. */
export const other = mine;

// For what goes wrong.

export const reached = callback<number, unknown>(import.meta, "reached");
export const left = callback<number, unknown>(import.meta, "left");

/** Tells that it has begun, and ends when it is told to: the answer is what to do. */
export const obeys = work(import.meta, "obeys", async ({ from }: Chunk<unknown>, scope) => {
  const todo = await scope.caller.call(reached, from);
  if (todo === "fail") throw new Broken(`at ${from}`);
  if (todo === "wait") await sleepForever(scope);
  return 1;
});

/** As `obeys`, and fails when it is cancelled. */
export const breaks = work(import.meta, "breaks", async ({ from }: Chunk<unknown>, scope) => {
  const todo = await scope.caller.call(reached, from);
  if (todo === "fail") throw new Broken("first");
  await sleepForever(scope).catch(() => {
    throw new Broken("later");
  });
});

export const refuses = work(import.meta, "refuses", (n: number) => {
  if (n === 40) throw new Broken("at 40", n);
  return n;
});

/** Spins until it is cancelled: it looks at its scope, and no message can arrive. */
export const spins = work(import.meta, "spins", ({ shared }: Chunk<Int32Array>, scope) => {
  Atomics.add(shared, 0, 1);
  for (;;) scope.throwIfCancelled();
});
