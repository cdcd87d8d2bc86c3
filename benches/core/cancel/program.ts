/**
 * Cancelling, measured on the runtime that this program runs on: from the call of `cancel()` until the group has ended,
 * with every task's function resumed by its error. Prints the times per task in µs, by round.
 *
 * The bound is what no library can beat there: as many async functions, each awaiting a promise of its own, all of them
 * rejected with one error, until the last has ended.
 */
import { sleep, taskGroup } from "../../espalier.ts";
import { collectYoung, interleave, type Sample } from "../../measure.ts";
import { noise } from "../../spin.ts";

const hour = 3_600_000;

const group =
  (tasks: number): Sample =>
  async () => {
    let began = 0;
    await taskGroup((all) => {
      for (let i = 0; i < tasks; i++) {
        all.spawn(async (scope) => {
          await sleep(hour, scope);
        });
      }
      collectYoung();
      began = performance.now();
      all.cancel();
    });
    return ((performance.now() - began) * 1000) / tasks;
  };

const bare =
  (tasks: number): Sample =>
  async () => {
    const rejects: ((error: Error) => void)[] = [];
    let left = tasks;
    let end!: () => void;
    const over = new Promise<void>((resolve) => (end = resolve));
    const ended = (): void => {
      if (--left === 0) end();
    };
    const waiting = async (): Promise<void> => {
      await new Promise((_, reject) => rejects.push(reject));
    };
    for (let i = 0; i < tasks; i++) waiting().then(ended, ended);
    collectYoung();
    const error = new Error("cancelled");
    const began = performance.now();
    for (const reject of rejects) reject(error);
    await over;
    return ((performance.now() - began) * 1000) / tasks;
  };

const sizes = [10_000, 30_000, 100_000] as const;

export interface Cancelling {
  readonly took: Readonly<Record<string, readonly number[]>>;
  readonly noise: ReturnType<typeof noise>;
}

const ways = Object.fromEntries(sizes.flatMap((tasks) => [[`group ${tasks}`, group(tasks)] as const, [`bare ${tasks}`, bare(tasks)] as const]));
const took = await interleave(ways, { old: true, warmUps: 2, rounds: 31, budget: 40_000, fewest: 7 });
console.log(JSON.stringify({ took, noise: noise() } satisfies Cancelling));
