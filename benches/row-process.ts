/** One row in a process of its own: prints its figures and how noisy the machine was meanwhile, as JSON. */
import { pathToFileURL } from "node:url";
import type { Figure, Missing, Row } from "./row.ts";
import { noise, type Noise, spin } from "./spin.ts";

export interface RowOutcome {
  readonly figures: readonly (Figure | Missing)[];
  readonly noise: Noise | undefined;
}

const { row } = (await import(pathToFileURL(process.argv[2]!).href)) as { readonly row: Row };
// Before and after, for the rows that measure in processes of their own.
for (let i = 0; i < 10; i++) spin();
const figures = await row.measure();
for (let i = 0; i < 10; i++) spin();
console.log(JSON.stringify({ figures, noise: noise() } satisfies RowOutcome));
