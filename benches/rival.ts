/** What espalier is measured beside and does not depend on: pinned in package.json of this folder, found when installed. */
import { readFileSync } from "node:fs";
import { findPackageJSON } from "node:module";
import { dirname } from "node:path";

interface Manifest {
  readonly devDependencies: Readonly<Record<string, string>>;
}

const pinned = (): Manifest["devDependencies"] => (JSON.parse(readFileSync(new URL("package.json", import.meta.url), "utf8")) as Manifest).devDependencies;

/** The name of a rival with the version that is pinned here. */
export const versioned = (name: string): string => `${name} ${pinned()[name] ?? "(not pinned)"}`;

/** Where a package is installed, if it is. */
export function packageFolder(name: string): string | undefined {
  try {
    const manifest = findPackageJSON(name, import.meta.url);
    return manifest === undefined ? undefined : dirname(manifest);
  } catch {
    return undefined;
  }
}

/** What to do about a package that is not installed; `undefined` when it is. */
export function missing(name: string): string | undefined {
  return packageFolder(name) === undefined ? `${name} is not installed: npm install --workspace benches` : undefined;
}
