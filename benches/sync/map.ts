/** A list through a function, ten at a time: 100,000 items, each of which suspends once. */
import { map } from "../espalier.ts";
import { interleave } from "../measure.ts";
import { missing, versioned } from "../rival.ts";
import { atMost, compare, type Row } from "../row.ts";
import { timed, type Ways } from "../sample.ts";

const items = 100_000;
const concurrency = 10;
const list = Array.from({ length: items }, (_, n) => n);
const work = async (n: number): Promise<number> => {
  await null;
  return n + 1;
};

export const ways = {
  "map": () => timed(items, () => map(list, work, { concurrency })),
  async "p-map"() {
    const { default: pMap } = await import("p-map");
    return timed(items, () => pMap(list, work, { concurrency }));
  },
  async "p-limit"() {
    const { default: pLimit } = await import("p-limit");
    const limit = pLimit(concurrency);
    return timed(items, () => Promise.all(list.map((n) => limit(() => work(n)))));
  },
} satisfies Ways;

export const row: Row = {
  async measure() {
    const about = { what: "a list through a function, ten at a time", items, unit: "µs", reach: atMost(1) };
    const lack = missing("p-map") ?? missing("p-limit");
    if (lack !== undefined) return [{ ...about, missing: lack }];
    const took = await interleave(import.meta.url, Object.keys(ways) as (keyof typeof ways)[], { warmUps: 3, rounds: 21 });
    return [
      compare(about, ["map", took["map"]], [versioned("p-map"), took["p-map"]]),
      compare(about, ["map", took["map"]], [versioned("p-limit"), took["p-limit"]]),
    ];
  },
};
