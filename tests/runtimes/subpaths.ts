/** What the package exports, each with its import. Bundles for browsers have a list of what is for them in the place of this. */
import { readFileSync } from "node:fs";

const { exports } = JSON.parse(readFileSync(new URL(import.meta.resolve("espalier/package.json")), "utf8")) as { exports: Record<string, unknown> };

const names = Object.keys(exports).filter((path) => typeof exports[path] === "object").map((path) => `espalier${path.slice(1)}`);

export const subpaths: ReadonlyMap<string, () => Promise<object>> = new Map(names.map((name) => [name, async () => (await import(name)) as object]));
