/** What two threads can be faster than one on this machine, at this moment: bare workers that spin and share nothing. */
import { once } from "node:events";
import { Worker } from "node:worker_threads";
import type { Sample } from "../sample.ts";

const turns = 50_000_000;

/** The turns in a µs of all of them, which share the work. */
export async function spinners(count: number): Promise<Sample> {
  const workers = Array.from({ length: count }, () => new Worker(new URL("workers/spin.mjs", import.meta.url)));
  const spin = async (): Promise<void> => {
    await Promise.all(
      workers.map(async (worker) => {
        const answer = once(worker, "message");
        worker.postMessage(turns / count);
        await answer;
      }),
    );
  };
  await spin();
  return async () => {
    const began = performance.now();
    await spin();
    return turns / (performance.now() - began) / 1000;
  };
}
