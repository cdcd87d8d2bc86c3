/** Chunks that workers take themselves: a group of as many calls as there are workers, each again as long as something is left. */
import type { Scope } from "../../task/capabilities.ts";
import type { RunOptions } from "../contract.ts";
import type { ParallelOptions } from "./chunk.ts";

/** The first failure cancels the others, waits for them, and is thrown as it is. */
export function inTurns(name: string, scope: Scope, { on, ...options }: ParallelOptions, isLeft: () => boolean, run: (own: Scope, options: RunOptions) => Promise<void>): Promise<void> {
  const takeTurns = async (own: Scope): Promise<void> => {
    do await run(own, options);
    while (isLeft());
  };
  return scope.group(
    (group) => {
      for (let at = 0; at < on.size; at++) group.spawn(takeTurns, { name });
    },
    { name, errors: "first" },
  );
}
