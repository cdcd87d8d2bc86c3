/**
 * The page of `espalier inspect` as three files: src/cli/inspect/page with the libraries it uses, in dist/cli/page.
 *
 * It is all that the page loads: its server sends nothing else, and its policy lets nothing else in.
 */
import { copyFileSync, mkdirSync } from "node:fs";
import { join } from "node:path";
import { rolldown } from "rolldown";
import { root } from "./bootstrap/project.mjs";

const source = join(root, "src/cli/inspect/page");

/**
 * Bundles, and gives the files it wrote, relative to the root, and the modules that are in them.
 * @param {string} [folder] relative to the root
 * @returns {Promise<{ files: string[], modules: readonly string[] }>}
 */
export async function bundlePage(folder = "dist/cli/page") {
  const bundle = await rolldown({
    input: join(source, "main.tsx"),
    platform: "browser",
    cwd: root,
    tsconfig: false,
    transform: { jsx: { runtime: "automatic", importSource: "preact" } },
    onLog(level, log, handler) {
      if (level === "warn") throw new Error(`bundling src/cli/inspect/page: ${log.message}`);
      handler(level, log);
    },
  });
  mkdirSync(join(root, folder), { recursive: true });
  const { output } = await bundle.write({ file: join(root, folder, "page.js"), format: "esm", codeSplitting: false, minify: true, comments: { legal: true } });
  await bundle.close();
  for (const name of ["index.html", "page.css"]) copyFileSync(join(source, name), join(root, folder, name));
  return { files: ["page.js", "index.html", "page.css"].map((name) => `${folder}/${name}`), modules: output[0].moduleIds };
}
