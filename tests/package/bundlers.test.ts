/** A page with threads as Vite builds it: by the settings that docs/guide/runtimes.md gives. */
import assert from "node:assert/strict";
import { existsSync, readFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { test } from "node:test";
import { chromium } from "playwright-core";
import { build } from "vite";
import { placePackage, root } from "./installed-package.ts";

/** Debian's. */
const executablePath = "/usr/bin/chromium";
const flags = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync"];

const files = {
  "index.html": '<!doctype html><link rel="icon" href="data:,"><script type="module" src="/page.js"></script>',
  "works.js": 'import { work } from "espalier/threads";\nexport const double = work(import.meta, "double", (n) => 2 * n);\n',
  "page.js": `import { taskGroup } from "espalier";
import { threads } from "espalier/threads";
import { double } from "./works.js";
globalThis.answer = taskGroup((group) => threads.run(double, 21, group)).catch(String);
`,
};

/** The settings in the guide. */
function settings(): string {
  const code = /```js\n([^`]*defineConfig[^`]*)```/.exec(readFileSync(join(root, "docs/guide/runtimes.md"), "utf8"))?.[1];
  assert.ok(code, "docs/guide/runtimes.md has no settings for Vite");
  return code;
}

/** What the page that lies in a folder answers. */
async function answerOf(folder: string): Promise<unknown> {
  const server = createServer((request, response) => {
    const file = join(folder, request.url === "/" ? "index.html" : (request.url ?? ""));
    if (!existsSync(file)) return void response.writeHead(404).end();
    response.setHeader("Content-Type", file.endsWith(".js") ? "text/javascript" : "text/html").end(readFileSync(file));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const browser = await chromium.launch({ executablePath, args: flags });
  try {
    const page = await browser.newPage();
    await page.goto(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`);
    await page.waitForFunction("globalThis.answer !== undefined");
    return await page.evaluate("globalThis.answer");
  } finally {
    await browser.close();
    server.closeAllConnections();
    server.close();
  }
}

test("works run in a page that Vite built", { skip: existsSync(executablePath) ? false : "chromium is not installed" }, async () => {
  using installed = placePackage();
  for (const [name, text] of Object.entries({ ...files, "vite.config.js": settings() })) installed.write(name, text);
  installed.add("vite");
  await build({ root: installed.project, configFile: join(installed.project, "vite.config.js"), logLevel: "error" });
  assert.equal(await answerOf(join(installed.project, "dist")), 42);
});
