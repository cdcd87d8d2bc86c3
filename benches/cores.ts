/**
 * What all cores do at once beside one alone, at this moment: a bare spin on one worker, then on as many as there are cores. Below their
 * number somebody else is at work, or the cores are threads of fewer.
 */
import { once } from "node:events";
import { availableParallelism } from "node:os";
import { Worker } from "node:worker_threads";

export interface Cores {
  /** So many of them did work. */
  readonly usable: number;
  readonly of: number;
}

const turns = 20_000_000;

/** About a tenth of a second, between what is measured. */
export async function spinAllCores(): Promise<Cores> {
  const of = availableParallelism();
  const workers = Array.from({ length: of }, () => new Worker(new URL("threads/workers/spin.mjs", import.meta.url)));
  try {
    const spin = async (some: readonly Worker[]): Promise<number> => {
      const began = performance.now();
      await Promise.all(
        some.map(async (worker) => {
          const answer = once(worker, "message");
          worker.postMessage(turns);
          await answer;
        }),
      );
      return performance.now() - began;
    };
    await spin(workers); // until all have started, and have compiled their loop
    const together = await spin(workers);
    // The fastest of several: one core may be the busy one.
    const alone = Math.min(await spin(workers.slice(0, 1)), await spin(workers.slice(-1)), together);
    return { usable: (of * alone) / together, of };
  } finally {
    await Promise.all(workers.map((worker) => worker.terminate()));
  }
}
