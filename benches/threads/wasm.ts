/** The same product by a WebAssembly module with SIMD, through the same calls; beside JavaScript, and numpy where it is installed. */
import { interleave } from "../measure.ts";
import { missing, versioned } from "../rival.ts";
import { compare, type Row, type Side } from "../row.ts";
import type { Ways } from "../sample.ts";
import type { Runtime } from "../way.ts";
import { openOurs, openRival, workers } from "./contest.ts";
import { lack } from "./ours.ts";
import { threads } from "./pools.ts";
import { gigaflops, overSharedMemory, unit, what } from "./product.ts";
import { executors, moduleOfPython } from "./python.ts";

export const ways = {
  "espalier, SIMD": async () => overSharedMemory(await openOurs("threads"), "multiplyBandBySimd"),
  "espalier, JavaScript": async () => overSharedMemory(await openOurs("threads"), "multiplyBand"),
  "piscina, SIMD": async () => overSharedMemory(await openRival(threads["piscina"]!), "multiplyBandBySimd"),
  "piscina, JavaScript": async () => overSharedMemory(await openRival(threads["piscina"]!), "multiplyBand"),
} satisfies Ways;

export const row: Row = {
  async measure() {
    const about = { what: `${what}, WebAssembly SIMD`, items: undefined, unit, reach: undefined };
    const absent = lack("threads");
    const absentRival = missing("piscina");
    const numpy = moduleOfPython("numpy");
    const lacks = [absent, absentRival, numpy === undefined ? "numpy is not installed" : undefined].flatMap((one) => (one === undefined ? [] : [{ what: about.what, missing: one }]));
    const maker = absent === undefined ? "espalier" : "piscina";
    if (absent !== undefined && absentRival !== undefined) return lacks;
    const runtimes: Readonly<Record<string, Runtime>> = numpy === undefined ? {} : Object.fromEntries([1, workers].map((n) => [`numpy: ${n}`, { name: "numpy", ...executors }]));
    const own = (Object.keys(ways) as (keyof typeof ways)[]).filter((name) => name.startsWith(maker) || (absentRival === undefined && name === "piscina, SIMD"));
    const took: Readonly<Record<string, number[]>> = await interleave<string>(import.meta.url, [...own, ...Object.keys(runtimes)], { warmUps: 3, rounds: 21, fewest: 11, runtimes });
    const side = (label: string, way: string): Side => [label, took[way]!.map(gigaflops)];
    const first = side(`${maker === "espalier" ? "espalier/threads" : versioned("piscina")}, ${workers} threads`, `${maker}, SIMD`);
    return [
      ...lacks,
      compare(about, first, side("the same, JavaScript", `${maker}, JavaScript`)),
      ...(maker === "espalier" && absentRival === undefined ? [compare(about, first, side(`${versioned("piscina")}, bands by hand`, "piscina, SIMD"))] : []),
      ...Object.keys(runtimes).map((name) => compare(about, first, side(`numpy ${numpy}, threads: ${name.slice(-1)}`, name))),
    ];
  },
};
