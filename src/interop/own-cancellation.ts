import { CancelledError, type Scope } from "../index.ts";
import { observed } from "../lowlevel.ts";

/** Whether `error` is the cancellation of `scope` or of one around it: any other is a failure (G5). */
export function isOwnCancellation(error: unknown, scope: Scope | undefined): boolean {
  if (!(error instanceof CancelledError) || scope === undefined) return false;
  for (let at = observed(scope); at !== undefined; at = at.owner) if (at.cause === error) return true;
  return false;
}
