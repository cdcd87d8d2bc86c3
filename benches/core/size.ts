/** What an import costs a page: bundled for browsers, minified, gzipped; beside rivals that do a part of the same. */
import { fileOf } from "../child.ts";
import { versioned } from "../rival.ts";
import type { Figure, Row } from "../row.ts";
import { bundleForBrowser, gzipped, usingModule } from "../../tools/size.mjs";

const budget = 5_000;

export const row: Row = {
  async measure() {
    const root = fileOf("../..", import.meta.url);
    const here = fileOf("..", import.meta.url);
    const ours = await bytes('import { taskGroup, failAfter, sleep } from "espalier"', root);
    const effection = await bytes('import { run, spawn, race, sleep } from "effection"', here);
    const effect = await bytes('import { runPromise, forEach, timeout, sleep } from "effect/Effect"', here);
    const figure = (name: string, theirs: number): Figure => ({
      what: "import, minified and gzipped",
      items: undefined,
      unit: "bytes",
      ours: { name: "taskGroup, failAfter, sleep", value: ours },
      beside: { name, value: theirs },
      ratio: { median: ours / theirs, rounds: 1 },
    });
    return [
      { ...figure(`${versioned("effection")}: run, spawn, race, sleep`, effection), reach: { of: "amount", bound: "at most", limit: budget } },
      figure(`${versioned("effect")}: runPromise, forEach, timeout, sleep`, effect),
    ];
  },
};

async function bytes(imports: string, folder: string): Promise<number> {
  return gzipped((await bundleForBrowser(usingModule(imports), folder)).code);
}
