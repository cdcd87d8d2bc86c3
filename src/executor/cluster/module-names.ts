/** What a module is called between machines, where it may lie in different places. */
import { readFileSync } from "node:fs";
import { dirname, join, relative, sep } from "node:path";
import { fileURLToPath } from "node:url";

export interface ModuleNames {
  nameOf(url: string): string;
  /** The module of that name here, if it was named here before; else the name as it is, which no module has. */
  urlOf(name: string): string;
}

/** For workers that are of the same program as their caller. */
export const sameAddresses: ModuleNames = { nameOf: (url) => url, urlOf: (name) => name };

/** By the package and the path in it: `shop:src/works` for shop's `src/works.ts`. What is in no package, or no file, has its address as its name. */
export function byPackage(): ModuleNames {
  const names = new Map<string, string>();
  const urls = new Map<string, string>();
  return {
    nameOf(url) {
      let name = names.get(url);
      if (name === undefined) {
        name = packagePath(url);
        names.set(url, name);
        urls.set(name, url);
      }
      return name;
    },
    urlOf: (name) => urls.get(name) ?? name,
  };
}

function packagePath(url: string): string {
  if (!url.startsWith("file:")) return url;
  const file = fileURLToPath(url);
  for (let folder = dirname(file); ; folder = dirname(folder)) {
    const name = packageName(join(folder, "package.json"));
    if (name !== undefined) return `${name}:${relative(folder, file).replaceAll(sep, "/").replace(/\.[cm]?[jt]sx?$/, "")}`;
    if (dirname(folder) === folder) return url;
  }
}

function packageName(manifest: string): string | undefined {
  try {
    const { name } = JSON.parse(readFileSync(manifest, "utf8")) as { name?: unknown };
    return typeof name === "string" ? name : undefined;
  } catch {
    return undefined;
  }
}
