/** What two threads can be faster than one on this machine, at this moment: bare workers, told once what is theirs. */
import { once } from "node:events";
import { Worker } from "node:worker_threads";
import type { Sample } from "../sample.ts";
import { matrices, size } from "./matrix.mjs";
import { sampling } from "./product.ts";

const turns = 50_000_000;

type Order = (place: number) => unknown;

/** Bare workers that are told by a message each, and answer with one: resolves when all have. */
function bare(script: string, count: number): (order: Order) => Promise<void> {
  const workers = Array.from({ length: count }, () => new Worker(new URL(`workers/${script}`, import.meta.url)));
  return async (order) => {
    await Promise.all(
      workers.map(async (worker, place) => {
        const answer = once(worker, "message");
        worker.postMessage(order(place));
        await answer;
      }),
    );
  };
}

/** They spin and share nothing. The turns in a µs of all of them, which share the work. */
export async function spinners(count: number): Promise<Sample> {
  const spin = bare("spin.mjs", count);
  const all = (): Promise<void> => spin(() => turns / count);
  await all();
  return async () => {
    const began = performance.now();
    await all();
    return turns / (performance.now() - began) / 1000;
  };
}

/** They multiply as many rows each of the same matrices: what no pool can be faster than. */
export function multipliers(count: number): Promise<Sample> {
  const multiply = bare("multiply.mjs", count);
  const memory = matrices();
  const rows = size / count;
  return sampling(() => multiply((place) => ({ from: place * rows, to: (place + 1) * rows, memory })), memory.buffer);
}
