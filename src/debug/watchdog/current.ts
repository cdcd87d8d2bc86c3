import type { Observed } from "../../lowlevel.ts";
import { pathOf, startOf } from "../life.ts";
import type { Stall } from "./stall.ts";

/** The function that was the last to be woken: it is what runs, or did, as far as can be told. */
let current: Observed | undefined;

export function runs(scope: Observed): void {
  current = scope;
}

export function describeCurrent(): Stall["task"] {
  const scope = current;
  const spawnedAt = scope === undefined ? undefined : startOf(scope);
  return scope === undefined ? {} : { name: scope.name, path: pathOf(scope), ...(spawnedAt === undefined ? undefined : { spawnedAt }) };
}
