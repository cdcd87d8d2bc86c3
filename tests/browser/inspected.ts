/** A program that is inspected, its page in Chromium, and what a reader sees there. */
import { type ChildProcessWithoutNullStreams, spawn } from "node:child_process";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import type { Page } from "playwright-core";
import { run } from "espalier";
import type { PageFile } from "../../src/cli/inspect/server/page-files.ts";
import { servePage } from "../../src/cli/inspect/server/page-server.ts";
import { Program } from "../../src/inspect/watch/program.ts";
import { bundle, withEmptyPage } from "./chromium.ts";

const source = (file: string): string => readFileSync(new URL(`../../src/cli/inspect/page/${file}`, import.meta.url), "utf8");

let files: Promise<ReadonlyMap<string, PageFile>> | undefined;

async function pageFiles(): Promise<ReadonlyMap<string, PageFile>> {
  const built = await bundle({ page: "src/cli/inspect/page/main.tsx" });
  return new Map([
    ["", { type: "text/html", body: source("index.html") }],
    ["page.js", { type: "text/javascript", body: built.get("/page.js")! }],
    ["page.css", { type: "text/css", body: source("page.css") }],
  ]);
}

export interface Inspected {
  readonly page: Page;
  readonly child: ChildProcessWithoutNullStreams;
  /** What the page has asked for, of anybody. */
  readonly requests: readonly string[];
  /** What the browser complained of. */
  readonly complaints: readonly string[];
  /** The lines that are in view, as texts. */
  lines(): Promise<string[]>;
  /** Waits for a line that has this in it. */
  line(text: string): Promise<void>;
}

/** Starts `tests/inspect/<file>`, inspects it, and opens the page. */
export async function inspecting(file: string, args: readonly string[], body: (inspected: Inspected) => Promise<void>): Promise<void> {
  const built = await (files ??= pageFiles());
  const child = spawn(process.execPath, ["--inspect-port=0", "--conditions=espalier:source", fileURLToPath(new URL(`../inspect/${file}`, import.meta.url)), ...args]);
  child.stderr.resume();
  try {
    await once(child.stdout, "data");
    const program = new Program();
    await run(
      (scope) =>
        scope.group(
          async (group) => {
            const watching = group.spawn((own) => program.attach(child.pid!, own), { name: "watch" });
            const server = await group.start((own, started: (address: string) => void) => servePage(program, built, started, own), group);
            await withEmptyPage({ viewport: { width: 1360, height: 760 } }, async (page) => body(await opened(page, server.started, child)));
            watching.cancel();
            server.cancel();
          },
          { errors: "first" },
        ),
      { signals: [] },
    );
  } finally {
    child.kill("SIGKILL");
    if (child.exitCode === null && child.signalCode === null) await once(child, "exit");
  }
}

async function opened(page: Page, address: string, child: ChildProcessWithoutNullStreams): Promise<Inspected> {
  const requests: string[] = [];
  const complaints: string[] = [];
  page.on("request", (request) => requests.push(request.url()));
  page.on("console", (message) => complaints.push(message.text()));
  page.on("pageerror", (error) => complaints.push(error.message));
  await page.goto(address);
  return {
    page,
    child,
    requests,
    complaints,
    lines: () => page.$$eval(".line", (lines) => lines.map((line) => [...line.children].map(({ textContent }) => textContent.trim()).join(" "))),
    line: (text) => page.locator(".line", { hasText: text }).first().waitFor(),
  };
}
