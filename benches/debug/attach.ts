/** How long it takes to look into a program that runs: from the start of `npx espalier tree` to the tree, beside a bare start of Node.js. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { quick } from "../measure.ts";
import { median } from "../ratio.ts";
import type { Row } from "../row.ts";
import { dist } from "./build.ts";

const rounds = quick ? 1 : 9;
const tasks = 1_000;

const program = `
import { sleepForever, taskGroup } from ${JSON.stringify(`${dist}/index.js`)};
await taskGroup((group) => {
  for (let n = 0; n < ${tasks}; n++) group.spawn((scope) => sleepForever(scope), { name: "task" });
  setInterval(() => {}, 2 ** 30);
  console.log("ready");
  BUSY
});`;
const busy = "setTimeout(() => { for (;;); }, 20);";

/** Of one command, in ms, until it says something. */
async function timeOf(...args: string[]): Promise<number> {
  const began = performance.now();
  const child = spawn(process.execPath, args, { stdio: ["ignore", "pipe", "inherit"] });
  const closed = once(child, "close") as Promise<[code: number | null]>;
  let said = NaN;
  child.stdout.once("data", () => (said = performance.now() - began));
  const [code] = await closed;
  if (code !== 0 || Number.isNaN(said)) throw new Error(`${args.join(" ")} ended with ${code}`);
  return said;
}

/** Each is another program: one that was looked into once may be found faster. */
async function attached(code: string): Promise<number> {
  const child = spawn(process.execPath, ["--input-type=module", "--eval", code], { stdio: ["ignore", "pipe", "ignore"] });
  try {
    await new Promise((resolve) => child.stdout.once("data", resolve));
    return await timeOf(`${dist}/cli/main.js`, "tree", String(child.pid));
  } finally {
    child.kill("SIGKILL");
  }
}

export const row: Row = {
  async measure() {
    if (process.platform !== "linux") return [{ what: "time to attach", missing: "espalier tree reads /proc, which only Linux has" }];
    const [idle, blocked, bare]: number[][] = [[], [], []];
    for (let round = 0; round < rounds; round++) {
      idle!.push(await attached(program.replace("BUSY", "")));
      blocked!.push(await attached(program.replace("BUSY", busy)));
      bare!.push(await timeOf("--eval", "console.log()"));
    }
    const beside = { name: "a bare start of Node.js", value: median(bare!) };
    const about = { items: tasks, unit: "ms", beside, reach: { of: "amount", bound: "at most", limit: 1_000 } } as const;
    return [
      { ...about, what: "time to attach: espalier tree, the program waits", ours: { name: "espalier tree", value: median(idle!) } },
      { ...about, what: "time to attach: espalier tree, the program computes", ours: { name: "espalier tree", value: median(blocked!) } },
    ];
  },
};
