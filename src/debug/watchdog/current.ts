import type { Observed } from "../../lowlevel.ts";
import { lifeOf, pathOf } from "../life.ts";
import type { Stall } from "./stall.ts";

/** The function that was the last to be woken: it is what runs, as far as can be told. */
let current: WeakRef<Observed> | undefined;

export function runs(scope: Observed): void {
  current = new WeakRef(scope);
}

export function describeCurrent(): Stall["task"] {
  const scope = current?.deref();
  const spawnedAt = scope === undefined ? undefined : lifeOf(scope)?.startedAt.place;
  return scope === undefined ? {} : { name: scope.name, path: pathOf(scope), ...(spawnedAt === undefined ? undefined : { spawnedAt }) };
}
