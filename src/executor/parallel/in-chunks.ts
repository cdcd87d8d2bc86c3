/** What the three of this folder have in common: a group in which a few chunks are under way at a time. */
import type { Scope } from "../../task/capabilities.ts";
import type { RunOptions } from "../contract.ts";
import type { ParallelOptions } from "./chunk.ts";
import { Guide } from "./guide.ts";

/** As many calls a worker has as it runs, and as many again: it never waits for the next. */
const AHEAD = 2;
/** What an executor without a bound counts as. */
const UNBOUNDED = 8;

interface Division {
  readonly name: string;
  readonly from: number;
  readonly to: number;
}

/** Runs `run` for each chunk. The first failure cancels those that are under way, waits for them, and is thrown as it is. */
export function inChunks(
  { name, from, to }: Division,
  scope: Scope,
  { on, chunk = 1, ...options }: ParallelOptions,
  run: (from: number, to: number, own: Scope, options: RunOptions) => Promise<void>,
): Promise<void> {
  const width = on.size === Infinity ? UNBOUNDED : on.size;
  const guide = new Guide(from, to, chunk, width);
  const takeChunks = async (own: Scope): Promise<void> => {
    for (let next = guide.take(); next !== undefined; next = guide.take()) await run(...next, own, options);
  };
  return scope.group(
    (group) => {
      for (let at = 0; at < AHEAD * width && !guide.isDone; at++) group.spawn(takeChunks, { name });
    },
    { name, errors: "first" },
  );
}
