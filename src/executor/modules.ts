/** The modules that declare works, here: what the other side may name of them, and the classes that both sides have by them. */

const modules = new Set<string>();
const classes = new Map<unknown, { readonly url: string; readonly name: string }>();
const loaded = new Map<string, Record<string, unknown>>();

/** Told by each declaration. */
export function hasWorks(url: string): void {
  modules.add(url);
}

/** What such a module exports under a name; of another module, nothing: it would be loaded because the other side says so. */
export async function exportOf(url: string, name: string): Promise<unknown> {
  return modules.has(url) ? ((await import(url)) as Record<string, unknown>)[name] : undefined;
}

/** As `exportOf`, of a module that was loaded for its works. */
export function exportAtHand(url: string, name: string): unknown {
  return loaded.get(url)?.[name];
}

/** Takes note of the classes of modules that declare works here. */
export async function learnClassesOf(urls: readonly string[]): Promise<void> {
  for (const url of urls) if (modules.has(url) && !loaded.has(url)) learnClasses(url, (await import(url)) as Record<string, unknown>);
}

/** Where a class can be imported from, if a module whose works were loaded exports it. */
export function classOf(constructor: unknown): { readonly url: string; readonly name: string } | undefined {
  return classes.get(constructor);
}

/** Takes note of the classes that a module exports. */
export function learnClasses(url: string, module: Record<string, unknown>): void {
  loaded.set(url, module);
  for (const [name, value] of Object.entries(module)) {
    if (typeof value === "function" && value.prototype instanceof Error && !classes.has(value)) classes.set(value, { url, name });
  }
}
