/** The works that a worker was told of, and their modules. */
import { MisuseError } from "../../errors/misuse.ts";
import type { Declaration } from "../contract.ts";
import { atHand, learnClasses, type Module } from "../modules.ts";
import { whatIs } from "../wire/what.ts";
import { tryDeclarationOf } from "../work.ts";

/** A work, or why it cannot be run. */
export interface Loaded {
  readonly declaration?: Declaration;
  readonly failure?: unknown;
  /** How long it ran the last time, in ms; `undefined` if it never has. */
  took?: number;
}

export class Works {
  readonly #loaded: (Loaded | undefined)[] = [];
  readonly #onLoaded: () => void;
  readonly #load: typeof load;

  constructor(onLoaded: () => void, from: typeof load = load) {
    this.#onLoaded = onLoaded;
    this.#load = from;
  }

  announce(index: number, url: string, name: string): void {
    this.#loaded[index] = undefined;
    void this.#load(url, name).then((loaded) => this.#settle(index, loaded));
  }

  /** `undefined` until its module is loaded. */
  get(index: number): Loaded | undefined {
    return this.#loaded[index];
  }

  #settle(index: number, loaded: Loaded): void {
    this.#loaded[index] = loaded;
    this.#onLoaded();
  }
}

/** Imports the module of a work and takes it from there. Never rejects. */
export function load(url: string, name: string): Promise<Loaded> {
  return loadBy(() => import(url) as Promise<Module>, url, name);
}

/** As `load`, where the module may be the program that runs: neither a work nor a failure where it is not to be had before its end. */
export function loadHere(url: string, name: string): Promise<Loaded> {
  return loadBy(() => atHand(url), url, name);
}

async function loadBy(get: () => Promise<Module | undefined>, url: string, name: string): Promise<Loaded> {
  try {
    const module = await get();
    if (module === undefined) return {};
    learnClasses(url, module);
    return check(module[name], url, name);
  } catch (error) {
    return { failure: error };
  }
}

/** Refuses what is not a work, or another one. */
function check(found: unknown, url: string, name: string): Loaded {
  const declaration = tryDeclarationOf(found);
  if (declaration?.name === name && declaration.url === url) return { declaration };
  const seen =
    found === undefined ? "exports nothing of that name" : declaration === undefined ? `exports ${whatIs(found)} under that name, which is no work` : `exports the work "${declaration.name}" of ${declaration.url} under that name`;
  return {
    failure: new MisuseError(
      "NOT_DECLARED",
      `The worker was asked for the work "${name}" of ${url}, but that module ${seen}. A work is exported under the name with which it is declared: ` +
        `export const ${name} = work(import.meta, "${name}", …).`,
    ),
  };
}
