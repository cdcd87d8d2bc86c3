/**
 * An endless source through `mapStream`: what an item costs, and whether what lives grows with the number of items. The heap is
 * measured after 20,000 and after 200,000 items of one and the same stream.
 */
import process from "node:process";
import { map, taskGroup } from "../espalier.ts";
import { mapStream } from "../flow.ts";
import { interleave } from "../measure.ts";
import { compare, type Row } from "../row.ts";
import { collectAll, type Sample, timed, type Ways } from "../sample.ts";

const items = 20_000;

function* endless(): Generator<number> {
  for (let n = 0; ; n++) yield n;
}

const suspend = async (n: number): Promise<number> => {
  await null;
  return n;
};
const list = Array.from({ length: items }, (_, n) => n);

/** Takes so many results of an endless stream, calling `look` with the number of each. */
const take = (count: number, look: (taken: number) => void): Promise<void> =>
  taskGroup(async (group) => {
    let taken = 0;
    for await (const _ of mapStream(endless(), suspend, { concurrency: 10 }, group)) {
      look(++taken);
      if (taken === count) return;
    }
  });

const heap = (): number => {
  collectAll();
  return process.memoryUsage().heapUsed / 1024;
};

const heapAfter =
  (count: number): Sample =>
  async () => {
    let kilobytes = 0;
    await take(count, (taken) => {
      if (taken === count) kilobytes = heap();
    });
    return kilobytes;
  };

export const ways = {
  "time": () => timed(items, () => take(items, () => {})),
  "map": () => timed(items, () => map(list, suspend, { concurrency: 10 })),
  "heap, few": () => heapAfter(items),
  "heap, many": () => heapAfter(10 * items),
} satisfies Ways;

export const row: Row = {
  async measure() {
    const took = await interleave(import.meta.url, ["time", "map"], { warmUps: 3, rounds: 21 });
    const heaps = await interleave(import.meta.url, ["heap, few", "heap, many"], { warmUps: 1, rounds: 5, fewest: 5 });
    return [
      compare({ what: "an endless list through mapStream, ten at a time", items, unit: "µs" }, ["mapStream", took["time"]], ["map, of a list", took["map"]]),
      compare(
        { what: "heap after 200,000 items ÷ after 20,000", items: 10 * items, unit: "kB", reach: { of: "ratio", bound: "at most", limit: 1.1 } },
        ["mapStream, 200,000 items", heaps["heap, many"]],
        ["20,000 items", heaps["heap, few"]],
      ),
    ];
  },
};
