/**
 * From the end of a function to the end of its scope.
 *
 *   function returned or threw
 *     → what it left running is cancelled and waited for              (G1, G16)
 *     → finish(): the scope has ended                                 (G17)
 *     → deferred cleanups, last first, each in a shield of its own    (G23)
 *     → leave(): out of the tree
 *     → failures, else an interruption, else the value                (G5, G7, G10)
 */
import { CancelledError } from "../errors/cancelled.ts";
import { firstOf } from "../errors/suppressed.ts";
import { TimeoutError } from "../errors/timeout.ts";
import type { ScopeNode } from "../scope/node.ts";
import { recognise } from "../scope/recognise.ts";
import { watcher } from "../scope/watch.ts";
import { unawaited } from "./misuse.ts";
import { OpenedScope } from "./opened-scope.ts";
import { quiet } from "./park.ts";

/** Runs `body` as the function of `node`. `own` says what the call gives when it was the node's own cancellation that ended it. */
export async function enclose<T>(node: ScopeNode, body: () => T | PromiseLike<T>, own: (cause: CancelledError) => T): Promise<T> {
  let value: T | undefined;
  let cancellation: CancelledError | undefined;
  let failures: readonly unknown[] = [];
  let returned = false;
  try {
    if (isDeep()) await Promise.resolve();
    value = await nested(body);
    returned = true;
  } catch (error) {
    ({ cancellation, failures } = recognise(error, node));
  }
  if (isBusy(node)) failures = [...failures, ...(await closeDown(node, returned))];
  else node.finish();
  if (failures.length > 0) {
    const failure = first(node, failures);
    node.leave("failed", failure);
    throw surface(node, failure);
  }
  node.leave(cancellation === undefined ? "succeeded" : "cancelled");
  if (cancellation === undefined) return value as T;
  const outer = outerCancellation(node, cancellation);
  if (outer !== undefined) throw outer;
  try {
    return own(cancellation);
  } catch (error) {
    throw surface(node, error);
  }
}

/** How many bodies are being called within one another, and how many may be before the next starts on a fresh stack (G20). */
let nesting = 0;
const DEEPEST_NESTING = 200;

/** True when a body has to wait for a fresh stack. */
export function isDeep(): boolean {
  return nesting >= DEEPEST_NESTING;
}

/** Calls a body. */
export function nested<T>(body: () => T): T {
  nesting++;
  try {
    return body();
  } finally {
    nesting--;
  }
}

/** One failure for all that failed in `node`. */
export function first(node: ScopeNode, failures: readonly unknown[]): unknown {
  const error = firstOf(failures);
  if (watcher !== undefined && failures.length > 1) watcher.carried(node, error);
  return error;
}

/** What `failAfter` and `shield` give for their own cancellation. */
export function timeoutOr(node: ScopeNode): (cause: CancelledError) => never {
  return (cause) => {
    throw cause.source === "deadline" ? new TimeoutError(node.name, node.rare?.ownLimit?.ms ?? 0, cause) : cause;
  };
}

/** Whether anything is left to do between the end of its function and `finish()`. */
export function isBusy(node: ScopeNode): boolean {
  return node.first !== undefined || (node.rare !== undefined && node.rare.cleanups !== undefined);
}

/** The cancellation of a scope further out that goes on through `node`; `undefined` if `cancellation` ends here. */
export function outerCancellation(node: ScopeNode, cancellation: CancelledError): CancelledError | undefined {
  const outer = node.shielded ? undefined : node.parent?.cause;
  // A cancellation from beyond a shield comes through as it is: it is neither this scope's nor a failure.
  return outer ?? (cancellation === node.cause ? undefined : cancellation);
}

/** Reports a failure to whom it would otherwise not reach: the parent whose function did not wait for this scope. */
export function surface(node: ScopeNode, failure: unknown): unknown {
  // That it was ended with its parent is what its parent knows.
  if (failure !== node.cause || node.cause?.source !== "ended") node.rare?.orphanErrors?.push(failure);
  return failure;
}

/**
 * Cancels the child scopes that nobody waits for any more, and says which they are. Their calls' promises
 * are marked as handled, and what fails in them is collected in `failures`.
 */
export function disown(node: ScopeNode, failures: unknown[], isOurs: (child: ScopeNode) => boolean = () => true): ScopeNode[] {
  const orphans: ScopeNode[] = [];
  for (const child of node.children()) {
    const rare = (child.rare ??= {});
    if (rare.orphanErrors !== undefined || !isOurs(child)) continue;
    rare.orphanErrors = failures;
    orphans.push(child);
  }
  if (orphans.length === 0) return orphans;
  const cause = new CancelledError("ended", node.name);
  for (const orphan of orphans) {
    orphan.cancelWith(cause);
    orphan.rare?.onDisowned?.();
  }
  // The others are tasks that were being started for this function: single operations, not scopes (G16).
  const scopes = orphans.filter((orphan) => orphan instanceof OpenedScope);
  for (const { call } of scopes) if (call !== undefined) quiet(call);
  return scopes;
}

/** The way from the end of the function to the end of the scope, where there is something on it. */
export async function closeDown(node: ScopeNode, returned: boolean): Promise<unknown[]> {
  const failures: unknown[] = [];
  while (node.first !== undefined) failures.push(...(await closeChildren(node, returned)));
  return [...failures, ...(await cleanUp(node))];
}

/** Cancels the children that are left, and waits until they are gone. */
export async function closeChildren(node: ScopeNode, returned: boolean): Promise<unknown[]> {
  const failures: unknown[] = [];
  const forgotten = disown(node, failures);
  // One that was still queued has left at once.
  if (node.first !== undefined) await emptiness(node);
  return forgotten.length > 0 && returned ? [unawaited(node, forgotten), ...failures] : failures;
}

/** Ends the scope and runs its cleanups. */
export async function cleanUp(node: ScopeNode): Promise<unknown[]> {
  const failures: unknown[] = [];
  node.finish();
  const cleanups = node.rare?.cleanups ?? [];
  for (let cleanup = cleanups.pop(); cleanup !== undefined; cleanup = cleanups.pop()) {
    try {
      await cleanup();
    } catch (error) {
      failures.push(...recognise(error, node).failures);
    }
  }
  return failures;
}

function emptiness(node: ScopeNode): Promise<void> {
  return new Promise((resolve) => {
    const rare = (node.rare ??= {});
    rare.onEmpty = () => {
      rare.onEmpty = undefined;
      resolve();
    };
  });
}
