/** What a worker runs: works of the modules that it was given, or of every module, for callers that are of its own program. */
import { tryDeclarationOf, work } from "../../work.ts";
import type { Work } from "../../contract.ts";
import { MisuseError } from "../../../errors/misuse.ts";
import type { ModuleNames } from "../module-names.ts";
import type { WorkName } from "../subjects.ts";
import { titleOf } from "../survey.ts";

export interface Served {
  readonly works: readonly WorkName[];
  /** Where its calls come in: a subject for each work, or one for all. */
  subjects(of: (work: WorkName) => string, all: string): readonly string[];
  /** Throws MisuseError `"NOT_DECLARED"` for what is not among them. */
  find(work: WorkName): Work<never, unknown>;
}

/** The works that modules export, each under its own name. Throws MisuseError if there is none in one of them. */
export async function servedBy(urls: readonly string[], names: ModuleNames): Promise<Served> {
  const found = new Map<string, Work<never, unknown>>();
  const works: WorkName[] = [];
  for (const url of urls) {
    const before = works.length;
    const exported = (await import(url)) as Readonly<Record<string, unknown>>;
    for (const [name, value] of Object.entries(exported)) {
      // What a callback is declared as does nothing by itself.
      const declaration = typeof value === "function" ? tryDeclarationOf(value) : undefined;
      if (declaration === undefined || declaration.name !== name || declaration.url !== url) continue;
      const known: WorkName = { module: names.nameOf(url), name, version: declaration.version };
      works.push(known);
      found.set(titleOf(known), value as Work<never, unknown>);
    }
    if (works.length === before) throw new MisuseError("NOT_DECLARED", `${url} exports no works, so that a worker would have nothing to do for it. A work is exported under its own name: export const resize = work(import.meta, "resize", …).`);
  }
  return {
    works,
    subjects: (of) => [...new Set(works.map(of))],
    find(wanted) {
      const declared = found.get(titleOf(wanted));
      if (declared !== undefined) return declared;
      throw new MisuseError("NOT_DECLARED", `This worker was asked for ${titleOf(wanted)}, and serves ${works.map(titleOf).join(", ")}. It runs what the modules export that it was started with, and nothing else.`);
    },
  };
}

/** Whatever a caller of this very program names: its threads look whether it is declared. */
export function servesItsProgram(): Served {
  const known = new Map<string, Work<never, unknown>>();
  return {
    works: [],
    subjects: (_of, all) => [all],
    find({ module, name }) {
      const title = `${module}#${name}`;
      const declared = known.get(title) ?? work({ url: module }, name, () => {});
      known.set(title, declared);
      return declared;
    },
  };
}
