/** What espalier is measured beside and does not depend on: pinned in package.json of this folder, found when installed. */
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileOf } from "./child.ts";

interface Manifest {
  readonly devDependencies: Readonly<Record<string, string>>;
}

const pinned = (): Manifest["devDependencies"] => (JSON.parse(readFileSync(new URL("package.json", import.meta.url), "utf8")) as Manifest).devDependencies;

/** The name of a rival with the version that is pinned here. */
export const versioned = (name: string): string => `${name} ${pinned()[name] ?? "(not pinned)"}`;

/** Where npm puts the packages of a workspace. */
const folders = ["node_modules", "../node_modules"].map((folder) => fileOf(folder, import.meta.url));

/** Where a package is installed, if it is. */
export function packageFolder(name: string): string | undefined {
  return folders.map((folder) => join(folder, name)).find((folder) => existsSync(folder));
}

/** What to do about a package that is not installed; `undefined` when it is. */
export function missing(name: string): string | undefined {
  return packageFolder(name) === undefined ? `${name} is not installed: npm install --workspace benches` : undefined;
}
