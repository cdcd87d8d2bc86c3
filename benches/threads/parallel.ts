/** How much faster two threads are than one, beside what two bare workers gain on this machine at that moment. */
import { interleave } from "../measure.ts";
import { missing, versioned } from "../rival.ts";
import { compare, type Figure, type Missing, type Row, type Side } from "../row.ts";
import type { Ways } from "../sample.ts";
import { openRival } from "./contest.ts";
import { lack, openParallel } from "./ours.ts";
import { threads } from "./pools.ts";
import { gigaflops, inParallel, overSharedMemory, unit, what } from "./product.ts";
import { multipliers, spinners } from "./spinners.ts";
import { atLeast } from "./workload.ts";

const ours = (size: number) => async () => inParallel(await openParallel(size));
const piscina = (size: number) => async () => overSharedMemory(await openRival(threads["piscina"]!, size), "multiplyBand");

export const ways = {
  "espalier, 1": ours(1),
  "espalier, 2": ours(2),
  "piscina, 1": piscina(1),
  "piscina, 2": piscina(2),
  "bare, 1": () => multipliers(1),
  "bare, 2": () => multipliers(2),
  "spin, 1": () => spinners(1),
  "spin, 2": () => spinners(2),
} satisfies Ways;

export const row: Row = {
  async measure() {
    const lacks = [lack("threads"), missing("piscina")];
    const makers = ["espalier", "piscina"].filter((_, place) => lacks[place] === undefined);
    const names = (Object.keys(ways) as (keyof typeof ways)[]).filter((name) => /^(?:bare|spin)/.test(name) || makers.some((maker) => name.startsWith(maker)));
    const took = await interleave(import.meta.url, names, { warmUps: 3, rounds: 21, fewest: 11 });
    const side = (label: string, way: keyof typeof ways): Side => [label, took[way].map(gigaflops)];
    const about = { what: `${what}: 2 threads ÷ 1`, items: undefined, unit };
    const figures: (Figure | Missing)[] = lacks.flatMap((lack) => (lack === undefined ? [] : [{ what: about.what, missing: lack }]));
    if (makers.includes("espalier")) {
      figures.push(compare({ ...about, reach: atLeast(1.9) }, side("espalier/threads, parallelFor, 2 threads", "espalier, 2"), side("1 thread", "espalier, 1")));
    }
    if (makers.includes("piscina")) {
      figures.push(compare(about, side(`${versioned("piscina")}, bands by hand, 2 threads`, "piscina, 2"), side("1 thread", "piscina, 1")));
    }
    figures.push(compare(about, side("bare workers, half the rows each, 2 threads", "bare, 2"), side("1 thread", "bare, 1")));
    const spun = compare({ what: "a bare spin: 2 threads ÷ 1", items: undefined, unit: "turns/µs" }, ["2 workers", took["spin, 2"]], ["1 worker", took["spin, 1"]]);
    return [...figures, spun];
  },
};
