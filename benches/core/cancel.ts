/**
 * Cancelling a group of 100,000 sleeping tasks, on each runtime: what it costs a task, how near that is to what the
 * runtime itself needs, and whether it stays so from 10,000 tasks on.
 */
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { fileOf, runJson } from "../child.ts";
import { median, pairedRatio } from "../ratio.ts";
import { versioned } from "../rival.ts";
import { atMost, type Figure, type Missing, type Row } from "../row.ts";
import type { Cancelling } from "./cancel/program.ts";

interface Runtime {
  readonly name: string;
  readonly command: string;
  readonly args: readonly string[];
}

const program = fileOf("cancel/program.ts", import.meta.url);
const what = "cancel 100,000 sleeping tasks";

export const row: Row = {
  async measure() {
    const figures: (Figure | Missing)[] = [];
    for (const runtime of runtimes()) {
      if ("missing" in runtime) figures.push(runtime);
      else figures.push(...(await measureOn(runtime)));
    }
    return figures;
  },
};

function runtimes(): (Runtime | Missing)[] {
  return [
    { name: `Node.js ${process.versions.node}`, command: process.execPath, args: ["--expose-gc"] },
    installed("bun", "bin/bun.exe", ["--expose-gc"]),
    installed("deno", "bin.cjs", ["run", "--allow-all", "--no-lock", "--v8-flags=--expose-gc"]),
  ];
}

/** A runtime that npm installed: the file behind its command, without npm's wrapper. */
function installed(name: string, binary: string, args: readonly string[]): Runtime | Missing {
  try {
    const folder = dirname(createRequire(import.meta.url).resolve(`${name}/package.json`));
    return { name: versioned(name), command: join(folder, binary), args };
  } catch {
    return { what: `${what}, ${name}`, missing: `${name} is not installed: npm install --workspace benches` };
  }
}

async function measureOn({ name, command, args }: Runtime): Promise<Figure[]> {
  const { took } = await runJson<Cancelling>(command, [...args, program]);
  const of = (way: string, tasks: number): readonly number[] => took[`${way} ${tasks}`]!;
  const linear = (way: string, title: string): Figure => ({
    what: `cancel 100,000 ÷ 10,000 tasks, per task, ${name}`,
    items: 100_000,
    unit: "µs",
    ours: { name: title, value: median(of(way, 100_000)) },
    beside: { name: "10,000 tasks", value: median(of(way, 10_000)) },
    ratio: pairedRatio(of(way, 100_000), of(way, 10_000)),
  });
  return [
    {
      what: `${what}, ${name}`,
      items: 100_000,
      unit: "µs",
      ours: { name: "group.cancel()", value: median(of("group", 100_000)) },
      beside: { name: "bound: bare rejections", value: median(of("bare", 100_000)) },
      ratio: pairedRatio(of("group", 100_000), of("bare", 100_000)),
      reach: { of: "amount", bound: "at most", limit: 1 },
    },
    { ...linear("group", "group.cancel()"), reach: atMost(1.5) },
    linear("bare", "bound: bare rejections"),
  ];
}
