/** The libraries that espalier is measured beside: imported when they are there, and told how to get when not. */
import { readFileSync } from "node:fs";

interface Manifest {
  readonly devDependencies: Readonly<Record<string, string>>;
}

const pinned = (JSON.parse(readFileSync(new URL("package.json", import.meta.url), "utf8")) as Manifest).devDependencies;

/** The name of a rival with the version that is pinned here. */
export const versioned = (name: string): string => `${name} ${pinned[name] ?? "(not pinned)"}`;

/** What `load` imports; or `undefined`, and what to do about it, when it is not installed. */
export async function rival<M>(name: string, load: () => Promise<M>): Promise<{ readonly module: M } | { readonly missing: string }> {
  try {
    return { module: await load() };
  } catch (error) {
    const code = (error as NodeJS.ErrnoException | undefined)?.code;
    if (code !== "ERR_MODULE_NOT_FOUND") throw error;
    return { missing: `${name} is not installed: npm install --workspace benches` };
  }
}
