/**
 * What the page of `espalier inspect` costs, with 50,000 tasks of which 5,000 wake again and again: its frames, and the program that is watched.
 *
 * The program tells how late its own event loop came round, and its processor time, between two marks.
 */
import { type ChildProcessByStdio, spawn } from "node:child_process";
import { existsSync } from "node:fs";
import type { Readable, Writable } from "node:stream";
import { createInterface, type Interface } from "node:readline";
import { fileURLToPath } from "node:url";
import { chromium, type Page } from "playwright-core";
import type { Figure, Row } from "../row.ts";

const executablePath = "/usr/bin/chromium";
const flags = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync"];

const tasks = 50_000;
const awake = 5_000;
const seconds = 5;

const dist = process.env["ESPALIER_DIST"] ?? fileURLToPath(new URL("../../dist", import.meta.url));
const program = `
import { monitorEventLoopDelay } from "node:perf_hooks";
import { createInterface } from "node:readline";
import { sleep, sleepForever, taskGroup } from ${JSON.stringify(`${dist}/index.js`)};
const loop = monitorEventLoopDelay({ resolution: 1 });
loop.enable();
let from = process.cpuUsage();
const wakes = async (scope) => { for (;;) await sleep(500 + Math.random() * 1_000, scope); };
await taskGroup((group) => {
  for (let n = 0; n < ${tasks}; n++) group.spawn(n < ${awake} ? wakes : sleepForever, { name: "worker " + n });
  createInterface({ input: process.stdin }).on("line", () => {
    const { user, system } = process.cpuUsage(from);
    console.log(JSON.stringify({ p99: loop.percentile(99) / 1e6 - 1, worst: loop.max / 1e6 - 1, busy: (user + system) / 1e3 }));
    loop.reset();
    from = process.cpuUsage();
  });
  console.log("ready");
});`;

/** From one mark to the next, in ms. */
interface Mark {
  readonly p99: number;
  readonly worst: number;
  readonly busy: number;
}

class Watched {
  readonly child: ChildProcessByStdio<Writable, Readable, null>;
  readonly #lines: Interface;
  readonly ready: Promise<string>;

  constructor() {
    this.child = spawn(process.execPath, ["--inspect-port=0", "--input-type=module", "--eval", program], { stdio: ["pipe", "pipe", "ignore"] });
    this.#lines = createInterface({ input: this.child.stdout });
    this.ready = this.#line();
  }

  #line(): Promise<string> {
    return new Promise((resolve) => this.#lines.once("line", resolve));
  }

  async mark(): Promise<Mark> {
    const line = this.#line();
    this.child.stdin.write("\n");
    return JSON.parse(await line) as Mark;
  }
}

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

/** The nth percentile of some amounts. */
function percentile(amounts: readonly number[], n: number): number {
  return amounts.toSorted((a, b) => a - b)[Math.min(amounts.length - 1, Math.floor((amounts.length * n) / 100))] ?? Number.NaN;
}

/** The ms from one frame to the next. */
function intervals(page: Page): Promise<number[]> {
  return page.evaluate<number[]>(`new Promise((resolve) => {
    const seen = [];
    let last = performance.now();
    const frame = (now) => {
      seen.push(now - last);
      last = now;
      if (seen.length < 180) requestAnimationFrame(frame);
      else resolve(seen.slice(1));
    };
    requestAnimationFrame(frame);
  })`);
}

async function measure(watched: Watched, page: Page, address: string): Promise<Figure[]> {
  // It has started 50,000 tasks a moment ago.
  await pause(seconds * 1_000);
  const before = await marked(watched);
  const began = performance.now();
  await page.goto(address);
  await page.locator(".count.waiting", { hasText: tasks.toLocaleString("en") }).waitFor({ timeout: 120_000 });
  const loaded = performance.now() - began;
  const loading = await watched.mark();
  // The longest list there is.
  await page.locator(".line", { hasText: "×" }).first().locator(".twisty").click();
  await page.evaluate("frames.took.length = 0");
  const during = await marked(watched);
  const took = await page.evaluate<number[]>("frames.took");
  const between = await intervals(page);
  const about = { items: tasks, unit: "ms" };
  const atMost = (limit: number) => ({ reach: { of: "amount", bound: "at most", limit } }) as const;
  const unwatched = (value: number) => ({ beside: { name: "not watched", value } });
  return [
    { ...about, what: "the page's work in a frame, of 100 the longest but one", ours: { name: "espalier inspect", value: percentile(took, 99) }, ...atMost(16) },
    { ...about, what: "the page, from frame to frame, of 100 the longest but five", ours: { name: "espalier inspect", value: percentile(between, 95) }, ...atMost(34) },
    { ...about, what: "until the page shows all", ours: { name: "espalier inspect", value: loaded } },
    { ...about, what: "the program's event loop while all is told, at its latest", ours: { name: "watched", value: loading.worst }, ...unwatched(before.worst) },
    { ...about, what: "the program's event loop afterwards, at its latest", ours: { name: "watched", value: during.worst }, ...unwatched(before.worst) },
    { ...about, what: "the program's event loop afterwards, of 100 turns the latest but one", ours: { name: "watched", value: during.p99 }, ...unwatched(before.p99) },
    { ...about, what: "processor time of the program in a second", ours: { name: "watched", value: during.busy / seconds }, ...unwatched(before.busy / seconds) },
  ];
}

/** What happens in some seconds. */
async function marked(watched: Watched): Promise<Mark> {
  await watched.mark();
  await pause(seconds * 1_000);
  return watched.mark();
}

export const row: Row = {
  async measure() {
    if (process.platform !== "linux") return [{ what: "the page", missing: "espalier inspect <pid> reads /proc, which only Linux has" }];
    if (!existsSync(executablePath)) return [{ what: "the page", missing: "chromium (apt-get install chromium)" }];
    const watched = new Watched();
    const browser = await chromium.launch({ executablePath, args: flags });
    try {
      await watched.ready;
      const command = spawn(process.execPath, [`${dist}/cli/main.js`, "inspect", String(watched.child.pid)], { stdio: ["ignore", "ignore", "pipe"] });
      try {
        const address = await new Promise<string>((resolve, reject) => {
          command.stderr.on("data", (chunk: Buffer) => {
            const found = /http:\/\/\S+/.exec(String(chunk));
            if (found !== null) resolve(found[0]);
          });
          command.once("exit", () => reject(new Error("espalier inspect ended at once")));
        });
        return await measure(watched, await browser.newPage({ viewport: { width: 1360, height: 760 } }), address);
      } finally {
        command.kill("SIGKILL");
      }
    } finally {
      await browser.close();
      watched.child.kill("SIGKILL");
    }
  },
};
