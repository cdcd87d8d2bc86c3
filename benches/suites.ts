/** The suites by name: those that answer the guide's tables, then those of our own parts. Each is a folder with a `suite.ts`. */
import { existsSync, readdirSync } from "node:fs";
import { fileOf } from "./child.ts";

export const guideSuites = ["http", "dispatch", "parallel", "jit", "cancel", "memory", "size"] as const;
const isGuide = (name: string): boolean => (guideSuites as readonly string[]).includes(name);
export const ownSuites: readonly string[] = readdirSync(fileOf(".", import.meta.url)).filter((name) => !isGuide(name) && existsSync(fileOf(`${name}/suite.ts`, import.meta.url)));

export interface Suite {
  /** What it asks, in a sentence or two. */
  readonly about: string;
  /** In the order of the report; each is a file of the folder. */
  readonly rows: readonly string[];
}

const known: readonly string[] = [...guideSuites, ...ownSuites];

/** The names that were given: none stands for the guide's, `all` for all. */
export function chooseSuites(names: readonly string[]): readonly string[] {
  if (names.length === 0) return guideSuites;
  if (names.includes("all")) return known;
  const unknown = names.find((name) => !known.includes(name));
  if (unknown !== undefined) throw new Error(`there is no suite ${unknown}. They are: ${known.join(", ")}; all; without a name, the first ${guideSuites.length}`);
  return known.filter((name) => names.includes(name));
}

/** A suite with those of its rows that are wanted. */
export async function loadSuite(name: string, wanted: readonly string[] | undefined): Promise<Suite> {
  const { about = "", rows } = (await import(`./${name}/suite.ts`)) as Partial<Suite> & Pick<Suite, "rows">;
  return { about, rows: wanted === undefined ? rows : rows.filter((row) => wanted.includes(row)) };
}
