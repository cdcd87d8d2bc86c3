/**
 * What of a thrown value is cancellation, and whose (G5, G6).
 *
 * By identity, not by type: only the CancelledErrors of cancelled scopes around `node` count, in these
 * shapes: the object itself; an abort error whose `cause` it is; where `node` is cancelled, also an abort
 * error of the platform that has no cause; and any of them wrapped in an AggregateError or a SuppressedError.
 */
import { CancelledError, isCancelled } from "../errors/cancelled.ts";
import { isGroupError, TaskGroupError } from "../errors/group.ts";
import { suppressed } from "../errors/suppressed.ts";
import { isSuppressedError, suppressedError } from "../errors/tree.ts";
import { forest, type ScopeNode } from "./node.ts";

export interface Recognised {
  /** The cancellation that was in it. */
  readonly cancellation: CancelledError | undefined;
  /** What else was in it. */
  readonly failures: readonly unknown[];
}

const DEEPEST_WRAP = 1_000;

export function recognise(error: unknown, node: ScopeNode): Recognised {
  try {
    if (anyCancelled(node)) return look(error, node);
  } catch {
    // What cannot even be looked at (a getter throws) is no cancellation of ours.
  }
  return { cancellation: undefined, failures: [error] };
}

function look(error: unknown, node: ScopeNode): Recognised {
  const own = cancellationIn(error, node);
  // What failed beside a cancellation hangs on it, and is no cancellation itself (G3).
  if (own !== undefined) return { cancellation: own, failures: suppressed(error) };
  return unwrap(error, node, new Set()) ?? { cancellation: undefined, failures: [error] };
}

function anyCancelled(node: ScopeNode): boolean {
  for (let at: ScopeNode | undefined = node; at !== undefined; at = at.parent) if (at.cause !== undefined) return true;
  return false;
}

/** The cancellation that `error` is, wrapping aside: by identity where there is one, else by its `cause`. */
function cancellationIn(error: unknown, node: ScopeNode): CancelledError | undefined {
  if (error === node.cause && error !== undefined) return node.cause;
  if (!isCancelled(error)) return undefined;
  const { cause } = error as Error;
  let byCause: CancelledError | undefined;
  for (let at: ScopeNode | undefined = node; at !== forest && at !== undefined; at = at.parent) {
    if (at.cause === undefined) continue;
    if (at.cause === error) return at.cause;
    if (at.cause === cause) byCause ??= at.cause;
  }
  return byCause ?? (cause === undefined && !(error instanceof CancelledError) ? node.cause : undefined);
}

/**
 * `error` without the cancellations that are wrapped in it; `undefined` if there are none. It comes from user
 * code: a wrap that contains itself, is absurdly deep or has no list is left as it is.
 */
function unwrap(error: unknown, node: ScopeNode, around: Set<unknown>): Recognised | undefined {
  const suppressing = isSuppressedError(error);
  if (!suppressing && !(error instanceof AggregateError)) return undefined;
  const inner: unknown = suppressing ? [error.suppressed, error.error] : error.errors;
  if (!Array.isArray(inner) || around.has(error) || around.size > DEEPEST_WRAP) return undefined;
  around.add(error);
  const unwrapped = inner.map((one): Recognised | undefined => {
    const found = cancellationIn(one, node);
    return found === undefined ? unwrap(one, node, around) : { cancellation: found, failures: suppressed(one) };
  });
  around.delete(error);
  const cancellation = unwrapped.find((part) => part !== undefined)?.cancellation;
  if (cancellation === undefined) return undefined;
  const rest = unwrapped.flatMap((part, index): readonly unknown[] => part?.failures ?? [inner[index]]);
  if (rest.length === 0) return { cancellation, failures: rest };
  // Where one of the two remains, a SuppressedError of it says nothing more than that error.
  if (suppressing) return { cancellation, failures: [rest.length === 1 ? rest[0] : suppressedError(rest[1], rest[0], error)] };
  const Rebuilt = isGroupError(error) ? TaskGroupError : AggregateError;
  const { message, cause } = error;
  return { cancellation, failures: [new Rebuilt(rest, message, "cause" in error ? { cause } : undefined)] };
}
