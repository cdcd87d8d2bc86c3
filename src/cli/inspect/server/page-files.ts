/** The files of the page, as the build has made them. */
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { CommandError } from "../../failure.ts";

export interface PageFile {
  readonly type: string;
  readonly body: string;
}

const types: Readonly<Record<string, string>> = {
  "index.html": "text/html; charset=utf-8",
  "page.js": "text/javascript; charset=utf-8",
  "page.css": "text/css; charset=utf-8",
};

/** By what is asked for: `""` is the page itself. Throws a CommandError where they are not there. */
export function pageFiles(): ReadonlyMap<string, PageFile> {
  const folder = join(createRequire(import.meta.url).resolve("espalier/package.json"), "../dist/cli/page");
  try {
    return new Map(Object.entries(types).map(([name, type]) => [name === "index.html" ? "" : name, { type, body: readFileSync(join(folder, name), "utf8") }]));
  } catch (error) {
    throw new CommandError(`The files of the page are not in ${folder}.`, "npm run build makes them.", { cause: error });
  }
}
