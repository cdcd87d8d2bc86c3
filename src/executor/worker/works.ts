/** The works that a worker was told of, and their modules. */
import { describe } from "../../errors/brand.ts";
import { MisuseError } from "../../errors/misuse.ts";
import type { Declaration } from "../contract.ts";
import { learnClasses } from "../modules.ts";
import { tryDeclarationOf } from "../work.ts";

/** A work, or why it cannot be run. */
export interface Loaded {
  readonly declaration?: Declaration;
  readonly failure?: unknown;
}

export class Works {
  readonly #loaded: (Loaded | undefined)[] = [];
  readonly #onLoaded: () => void;

  constructor(onLoaded: () => void) {
    this.#onLoaded = onLoaded;
  }

  announce(index: number, url: string, name: string): void {
    this.#loaded[index] = undefined;
    import(url).then(
      (module: Record<string, unknown>) => {
        learnClasses(url, module);
        this.#settle(index, check(module[name], url, name));
      },
      (error: unknown) => this.#settle(index, { failure: error }),
    );
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

/** Refuses what is not a work, or another one. */
function check(found: unknown, url: string, name: string): Loaded {
  const declaration = tryDeclarationOf(found);
  if (declaration?.name === name && declaration.url === url) return { declaration };
  const seen =
    found === undefined ? "exports nothing of that name" : declaration === undefined ? `exports ${describe(found).slice(0, 60)} under that name, which is no work` : `exports the work "${declaration.name}" of ${declaration.url} under that name`;
  return {
    failure: new MisuseError(
      "NOT_DECLARED",
      `The worker was asked for the work "${name}" of ${url}, but that module ${seen}. A work is exported under the name with which it is declared: ` +
        `export const ${name} = work(import.meta, "${name}", …).`,
    ),
  };
}
