/** Errors that nobody hears of. */
import { describe } from "../errors/brand.ts";
import type { Observed } from "../lowlevel.ts";
import { found } from "./found.ts";

/** A promise that a scope had waited for, and left, rejects. */
export function tellDropped(scope: Observed, error: unknown): void {
  found(scope, {
    kind: "lost-error",
    what: `A promise that "${scope.name}" waited for until it was cancelled has failed since, and nobody hears of it: ${describe(error)}.`,
    advice: "Hand the scope's signal to what makes the promise, so that it ends with the scope; or handle its failure where it is made.",
    error,
  });
}
