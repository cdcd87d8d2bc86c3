/**
 * Cancelling a group of 100,000 sleeping tasks, on each runtime: from the call of `cancel()` until the group has ended,
 * with every task's function resumed by its error; and whether that is linear from 10,000 tasks on.
 *
 * The bound is what no library can beat there: as many async functions, each awaiting a promise of its own, all of them
 * rejected with one error, until the last has ended.
 */
import { sleep, taskGroup } from "../espalier.ts";
import { interleave } from "../measure.ts";
import { atMost, compare, type Figure, type Missing, type Row } from "../row.ts";
import { runtimes } from "../runtimes.ts";
import { collectYoung, now, type Sample, type Ways } from "../sample.ts";
import type { Runtime } from "../way.ts";

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
      began = now();
      all.cancel();
    });
    return ((now() - began) * 1000) / tasks;
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
    const began = now();
    for (const reject of rejects) reject(error);
    await over;
    return ((now() - began) * 1000) / tasks;
  };

export const ways = {
  "group 10,000": () => group(10_000),
  "group 30,000": () => group(30_000),
  "group 100,000": () => group(100_000),
  "bare 10,000": () => bare(10_000),
  "bare 100,000": () => bare(100_000),
} satisfies Ways;

export const row: Row = {
  async measure() {
    const figures: (Figure | Missing)[] = [];
    for (const runtime of runtimes()) {
      if ("missing" in runtime) figures.push({ what: `cancel sleeping tasks, ${runtime.name}`, missing: runtime.missing });
      else figures.push(...(await measureOn(runtime)));
    }
    return figures;
  },
};

async function measureOn(runtime: Runtime): Promise<Figure[]> {
  const took = await interleave(import.meta.url, Object.keys(ways) as (keyof typeof ways)[], { runtime, warmUps: 5, rounds: 31 });
  const about = { what: `cancel sleeping tasks, ${runtime.name}`, items: 100_000, unit: "µs" };
  const ours = ["group.cancel()", took["group 100,000"]] as const;
  const bound = ["bare rejections", took["bare 100,000"]] as const;
  return [
    compare({ ...about, reach: { of: "amount", bound: "at most", limit: 1 } }, ours, bound),
    compare({ ...about, reach: atMost(1.5) }, ours, ["the same, 10,000", took["group 10,000"]]),
    compare(about, ours, ["the same, 30,000", took["group 30,000"]]),
    compare(about, bound, ["the same, 10,000", took["bare 10,000"]]),
  ];
}
