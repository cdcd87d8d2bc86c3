/** The suite in a page of Chromium, or in a web worker of that page. */
import { createServer } from "node:http";
import { chromium as driver } from "playwright-core";
import { chromium } from "./targets.mjs";

const flags = [
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-background-timer-throttling",
  "--disable-renderer-backgrounding",
  "--disable-component-update",
  "--disable-sync",
  "--js-flags=--expose-gc",
  "--enable-precise-memory-info",
];

/**
 * Serves scripts on loopback to cross-origin isolated pages.
 * @param {ReadonlyMap<string, string>} scripts
 * @returns {Promise<{ address: string, close(): void }>}
 */
async function serve(scripts) {
  const server = createServer((request, response) => {
    const code = scripts.get(request.url ?? "");
    response.statusCode = code === undefined && request.url !== "/" ? 404 : 200;
    response.setHeader("Cross-Origin-Opener-Policy", "same-origin").setHeader("Cross-Origin-Embedder-Policy", "require-corp");
    response.setHeader("Content-Type", code === undefined ? "text/html" : "text/javascript");
    response.end(code ?? `<!doctype html><link rel="icon" href="data:,"><script type="module" src="/tests/runtimes/browser/program.js"></script>`);
  });
  await new Promise((resolve) => server.listen(0, "127.0.0.1", () => resolve(undefined)));
  const { port } = /** @type {import("node:net").AddressInfo} */ (server.address());
  return {
    address: `http://127.0.0.1:${port}/`,
    close() {
      server.closeAllConnections();
      server.close();
    },
  };
}

/**
 * Runs a plan, and gives what it said: lines of JSON.
 * @param {ReadonlyMap<string, string>} scripts
 * @param {"page" | "worker"} where
 * @param {object} plan
 * @param {{ limit: number }} options
 * @returns {Promise<{ output: string, version: string }>}
 */
export async function runInChromium(scripts, where, plan, { limit }) {
  const server = await serve(scripts);
  const browser = await driver.launch({ executablePath: chromium, args: flags });
  try {
    const page = await browser.newPage();
    /** @type {string[]} */
    const lines = [];
    const ended = new Promise((resolve) => {
      const timer = setTimeout(resolve, limit);
      void page.exposeFunction("say", (/** @type {string} */ line) => {
        lines.push(line);
        if (!/^\{"(ended|lost)":/.test(line)) return;
        clearTimeout(timer);
        resolve(undefined);
      });
    });
    page.on("pageerror", (error) => lines.push(`not caught: ${error.stack ?? error.message}`));
    await page.goto(server.address);
    await page.waitForFunction("globalThis.runSuites !== undefined", undefined, { timeout: 120_000 });
    await page.evaluate(`runSuites(${JSON.stringify(plan)}, ${JSON.stringify(where)})`);
    await ended;
    return { output: lines.join("\n"), version: browser.version() };
  } finally {
    await browser.close();
    server.close();
  }
}
