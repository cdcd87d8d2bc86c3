/** A page of ours in a real Chromium: bundled as a user's bundler would, served on loopback, driven by playwright-core. */
import { existsSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { after } from "node:test";
import { fileURLToPath } from "node:url";
import { type Browser, type BrowserContextOptions, chromium, type Page } from "playwright-core";
import { rolldown } from "rolldown";

const root = fileURLToPath(new URL("../../", import.meta.url));

/** Debian's. */
export const executablePath = "/usr/bin/chromium";
export const isInstalled: boolean = existsSync(executablePath);

const FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync"];

/** Bundles entries for the browser, each under its own name. */
export async function bundle(input: Record<string, string>): Promise<Map<string, string>> {
  const built = await rolldown({
    input: Object.fromEntries(Object.entries(input).map(([name, file]) => [name, `${root}${file}`])),
    cwd: root,
    platform: "browser",
    resolve: { conditionNames: ["espalier:source", "browser", "import", "default"] },
    onLog(level, log) {
      if (level === "warn") throw new Error(`bundling for the browser: ${log.message}`);
    },
  });
  const { output } = await built.generate({ format: "esm", entryFileNames: "[name].js" });
  await built.close();
  return new Map(output.filter((part) => part.type === "chunk").map(({ fileName, code }) => [`/${fileName}`, code]));
}

let browser: Promise<Browser> | undefined;
after(async () => (await browser)?.close());

/** A page that knows nothing of others: of one browser for all tests of a file, whose start is the dearest of it. */
export async function withEmptyPage(options: BrowserContextOptions, body: (page: Page) => Promise<void>): Promise<void> {
  browser ??= chromium.launch({ executablePath, args: FLAGS });
  const page = await (await browser).newPage(options);
  try {
    await body(page);
  } finally {
    await page.context().close();
  }
}

/** Opens a page with `script`; `isolated` lets it share memory with its workers. */
export async function withPage(files: ReadonlyMap<string, string>, script: string, isolated: boolean, body: (page: Page) => Promise<void>): Promise<void> {
  const server = createServer((request, response) => {
    const code = files.get(request.url ?? "");
    if (isolated) response.setHeader("Cross-Origin-Opener-Policy", "same-origin").setHeader("Cross-Origin-Embedder-Policy", "require-corp");
    response.setHeader("Content-Type", code === undefined ? "text/html" : "text/javascript");
    response.end(code ?? `<!doctype html><link rel="icon" href="data:,"><script type="module" src="/${script}.js"></script>`);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  try {
    await withEmptyPage({}, async (page) => {
      await page.goto(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`);
      await body(page);
    });
  } finally {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  }
}
