/** The modules that declare works, here: what the other side may name of them, and the classes that both sides have by them. */
import { host } from "#host";

export type Module = Readonly<Record<string, unknown>>;

const modules = new Set<string>();
const classes = new Map<unknown, { readonly url: string; readonly name: string }>();
const loaded = new Map<string, Module>();
const imports = new Map<string, Promise<Module | undefined>>();

/** For a module that has been evaluated: it is there after a few microtasks. */
const PATIENCE_MS = 100;

/** Told by each declaration. */
export function hasWorks(url: string): void {
  modules.add(url);
}

/** What such a module exports under a name; of another module, nothing: it would be loaded because the other side says so. */
export async function exportOf(url: string, name: string): Promise<unknown> {
  return modules.has(url) ? (await atHand(url))?.[name] : undefined;
}

/**
 * A module that declares works here; `undefined` for one whose evaluation goes on: a program that awaits all it does at its top level is not to be had before its
 * end, and whoever waited for it there would wait for himself.
 */
export function atHand(url: string): Promise<Module | undefined> {
  const known = imports.get(url);
  if (known !== undefined) return known;
  const module = import(url) as Promise<Module>;
  const soon = new Promise<Module | undefined>((resolve, reject) => {
    const timer = host.setTimer(() => resolve(undefined), PATIENCE_MS);
    const isThere = (): void => {
      host.clearTimer(timer);
      imports.set(url, module);
    };
    module.then(isThere, isThere);
    module.then(resolve, reject);
  });
  imports.set(url, soon);
  return soon;
}

/** As `exportOf`, of a module that was loaded for its works. */
export function exportAtHand(url: string, name: string): unknown {
  return loaded.get(url)?.[name];
}

/** Takes note of the classes of modules that declare works here. */
export async function learnClassesOf(urls: readonly string[]): Promise<void> {
  for (const url of urls) {
    const module = modules.has(url) && !loaded.has(url) ? await atHand(url) : undefined;
    if (module !== undefined) learnClasses(url, module);
  }
}

/** Where a class can be imported from, if a module whose works were loaded exports it. */
export function classOf(constructor: unknown): { readonly url: string; readonly name: string } | undefined {
  return classes.get(constructor);
}

/** Takes note of the classes that a module exports. */
export function learnClasses(url: string, module: Module): void {
  loaded.set(url, module);
  for (const [name, value] of Object.entries(module)) {
    if (typeof value === "function" && value.prototype instanceof Error && !classes.has(value)) classes.set(value, { url, name });
  }
}
