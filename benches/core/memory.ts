/** What a sleeping task keeps, everything included, beside a bare promise with a timer; each in a process of its own. */
import { fileOf, runNodeJson } from "../child.ts";
import { median, pairedRatio } from "../ratio.ts";
import type { Figure, Row } from "../row.ts";

const program = fileOf("memory/program.ts", import.meta.url);
const rounds = 5;

export const row: Row = {
  async measure() {
    return [
      { ...(await figure("sleep(ms, scope)", "group", "new Promise(setTimeout)", "bare timer")), reach: { of: "amount", bound: "at most", limit: 700 } },
      await figure("async, await sleep(ms, scope)", "group async", "async, await setTimeout(ms)", "bare async"),
    ];
  },
};

async function figure(name: string, way: string, besideName: string, besideWay: string): Promise<Figure> {
  const ours: number[] = [];
  const beside: number[] = [];
  for (let round = 0; round < rounds; round++) {
    ours.push(await runNodeJson<number>(program, [way]));
    beside.push(await runNodeJson<number>(program, [besideWay]));
  }
  return {
    what: "memory of a sleeping task",
    items: 100_000,
    unit: "bytes",
    ours: { name, value: median(ours) },
    beside: { name: besideName, value: median(beside) },
    ratio: pairedRatio(ours, beside),
  };
}
