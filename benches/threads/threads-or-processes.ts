/**
 * What it costs to be isolated: the same product of matrices by two threads over shared memory and by two processes, to which
 * it is copied. Time, and memory of the whole program with its processes.
 */
import { existsSync } from "node:fs";
import { fileOf } from "../child.ts";
import { interleave, type Plan } from "../measure.ts";
import { missing, versioned } from "../rival.ts";
import { atMost, compare, type Figure, type Missing, type Row, type Side } from "../row.ts";
import type { Ways } from "../sample.ts";
import type { Runtime } from "../way.ts";
import { openOurs, openRival, workers } from "./contest.ts";
import { lack } from "./ours.ts";
import { structured, threads } from "./pools.ts";
import { gigaflops, overSharedMemory, unit, what, withCopies } from "./product.ts";
import { atLeast } from "./workload.ts";

export const ways = {
  "espalier, threads": async () => overSharedMemory(await openOurs("threads"), "multiplyBand"),
  "espalier, processes": async () => withCopies(await openOurs("processes"), workers),
  "tinypool, threads": async () => overSharedMemory(await openRival(threads["tinypool"]!), "multiplyBand"),
  "tinypool, processes": async () => withCopies(await openRival(structured["tinypool"]!), workers),
} satisfies Ways;

const tree: Runtime = { name: "a program of its own", command: process.execPath, args: [], program: fileOf("tree.mjs", import.meta.url) };

const makers = [
  { maker: "espalier", label: "espalier", reached: true, lack: () => lack("threads") ?? lack("processes") },
  { maker: "tinypool", label: versioned("tinypool"), reached: false, lack: () => missing("tinypool") },
] as const;

export const row: Row = {
  async measure() {
    const figures: (Figure | Missing)[] = [];
    for (const { lack, ...maker } of makers) {
      const absent = lack();
      if (absent === undefined) figures.push(...(await time(maker)), ...(await memory(maker)));
      else figures.push({ what: "threads ÷ processes", missing: absent });
    }
    return figures;
  },
};

interface Maker {
  readonly maker: "espalier" | "tinypool";
  readonly label: string;
  /** Whether it is held against the limits. */
  readonly reached: boolean;
}

const plan: Plan = { warmUps: 2, rounds: 15, fewest: 9 };

async function time({ maker, label, reached }: Maker): Promise<Figure[]> {
  const took = await interleave(import.meta.url, [`${maker}, threads`, `${maker}, processes`], plan);
  const side = (label: string, way: keyof typeof ways): Side => [label, took[way].map(gigaflops)];
  const about = { what: `${what}: threads ÷ processes`, items: undefined, unit, reach: reached ? atLeast(1.5) : undefined };
  return [compare(about, side(`${label}, ${workers} threads`, `${maker}, threads`), side(`${workers} processes`, `${maker}, processes`))];
}

async function memory({ maker, label, reached }: Maker): Promise<(Figure | Missing)[]> {
  if (!existsSync("/proc/self/smaps_rollup")) return [{ what: "memory of threads ÷ processes", missing: "the memory of a process is read from /proc, which is not here" }];
  const figures: Figure[] = [];
  for (const [figure, words] of [["whole", "memory of the program"], ["added", "memory that the pool adds"]] as const) {
    const names = [`${figure}: ${maker}, threads`, `${figure}: ${maker}, processes`] as const;
    const took = await interleave(import.meta.url, names, { ...plan, runtime: tree, rounds: 5, fewest: 5 });
    const about = { what: `${words}: threads ÷ processes`, items: undefined, unit: "MB", reach: reached && figure === "whole" ? atMost(0.25) : undefined };
    figures.push(compare(about, [`${label}, ${workers} threads`, took[names[0]]], [`${workers} processes`, took[names[1]]]));
  }
  return figures;
}
