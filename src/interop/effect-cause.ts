/**
 * What the errors of the one are to the other: Effect's Cause and what espalier throws.
 *
 *   espalier                          Cause (a flat list of reasons)
 *   CancelledError                    Interrupt, which keeps the CancelledError
 *   TaskGroupError, suppressed()      a reason for each failure in it
 *   MisuseError                       Die: the program is wrong, and nobody should handle that
 *   what was a defect of an Effect    Die, the same defect
 *   any other error                   Fail
 */
import { Cause, Context } from "effect";
import { CancelledError, leaves, MisuseError, suppressed, TaskGroupError } from "../index.ts";

const Cancellation: Context.Service<CancelledError, CancelledError> = Context.Service<CancelledError>("espalier/CancelledError");

/** The defects that came out of an Effect as errors, so that they are defects again where they go back in. */
const defects = new WeakSet<object>();

/** What an interruption by a scope carries. */
export function annotationOf(cancellation: CancelledError): Context.Context<never> {
  return Context.make(Cancellation, cancellation) as Context.Context<never>;
}

/**
 * The Cause that an error of espalier is to an Effect. `asEffect` uses it; it is for those who write such a bridge themselves.
 *
 * Each failure in a TaskGroupError, and each that is `suppressed`, is a reason of its own. `expected` makes of each the typed
 * failure; what it throws instead is a defect. A CancelledError is an interruption, from which `cancellationOf` gives it back; a
 * MisuseError, and what was a defect when it came out of an Effect, is a defect, of which `expected` is not asked.
 *
 * @example
 * ```ts
 * import { Cause } from "effect";
 * import { TaskGroupError } from "espalier";
 * import { causeOf } from "espalier/effect";
 *
 * const cause = causeOf(new TaskGroupError([new RangeError("a"), new TypeError("b")]));
 * console.log(cause.reasons.filter(Cause.isFailReason).map((reason) => String(reason.error))); // [ 'RangeError: a', 'TypeError: b' ]
 * ```
 */
export function causeOf<E = unknown>(error: unknown, expected?: ((error: unknown) => E) | undefined): Cause.Cause<E> {
  return Cause.fromReasons(failuresIn(error).flatMap((failure) => causeOfOne(failure, expected).reasons));
}

function causeOfOne<E>(failure: unknown, expected: ((error: unknown) => E) | undefined): Cause.Cause<E> {
  if (failure instanceof CancelledError) return Cause.annotate(Cause.interrupt(), annotationOf(failure));
  if (failure instanceof MisuseError || (isObject(failure) && defects.has(failure))) return Cause.die(failure);
  try {
    return Cause.fail(expected === undefined ? (failure as E) : expected(failure));
  } catch (unexpected) {
    return Cause.die(unexpected);
  }
}

/** The failures themselves, in order, each object once. A group of nothing is a failure itself. */
function failuresIn(error: unknown): unknown[] {
  const found: unknown[] = [];
  const open = [error];
  const entered = new Set<unknown>();
  while (open.length > 0) {
    const at = open.shift();
    if (isObject(at) && entered.has(at)) continue;
    entered.add(at);
    const inner: readonly unknown[] = at instanceof TaskGroupError ? at.errors : leaves(at);
    const isLeaf = inner.length === 0 || (inner.length === 1 && inner[0] === at);
    if (isLeaf) found.push(at);
    open.unshift(...(isLeaf ? [] : inner), ...suppressed(at));
  }
  return found;
}

/**
 * The error that a Cause is to a function of espalier. `runEffect` throws it.
 *
 * One failure, typed or a defect, is the very value; several are in one TaskGroupError, in the order of the Cause, and each object
 * once. Interruptions beside a failure say nothing more. Of interruptions alone it is the CancelledError that caused them, or
 * one with source `"explicit"` where Effect interrupted by itself.
 *
 * @example
 * ```ts
 * import { Cause } from "effect";
 * import { TaskGroupError } from "espalier";
 * import { errorOf } from "espalier/effect";
 *
 * const failure = new Error("disk full");
 * console.log(errorOf(Cause.fail(failure)) === failure); // true
 * console.log(errorOf(Cause.combine(Cause.fail(failure), Cause.die("a bug"))) instanceof TaskGroupError); // true
 * ```
 */
export function errorOf(cause: Cause.Cause<unknown>): unknown {
  const failures: unknown[] = [];
  for (const reason of cause.reasons) {
    if (Cause.isInterruptReason(reason)) continue;
    const failure = Cause.isDieReason(reason) ? reason.defect : reason.error;
    if (isObject(failure)) {
      if (failures.includes(failure)) continue;
      if (Cause.isDieReason(reason)) defects.add(failure);
      else defects.delete(failure);
    }
    failures.push(failure);
  }
  if (failures.length === 1) return failures[0];
  if (failures.length > 1) return new TaskGroupError(failures);
  if (cause.reasons.length === 0) return Cause.squash(cause);
  return cancellationOf(cause) ?? new CancelledError("explicit", "effect", "its fiber was interrupted");
}

/**
 * The CancelledError because of which an Effect was interrupted: who cancelled, why, and whose. `undefined` where the interruption
 * did not come from a scope.
 *
 * @example
 * ```ts
 * import { Cause, Effect } from "effect";
 * import { moveOnAfter } from "espalier";
 * import { cancellationOf, runEffect } from "espalier/effect";
 *
 * const work = Effect.never.pipe(Effect.onExit((exit) => Effect.sync(() => {
 *   if (exit._tag === "Failure") console.log(cancellationOf(exit.cause)?.source); // "deadline"
 * })));
 * await moveOnAfter(10, (scope) => runEffect(work, scope));
 * ```
 */
export function cancellationOf(cause: Cause.Cause<unknown>): CancelledError | undefined {
  for (const reason of cause.reasons) {
    if (!Cause.isInterruptReason(reason)) continue;
    const found = Context.getOrUndefined(Cause.reasonAnnotations(reason) as Context.Context<CancelledError>, Cancellation);
    if (found !== undefined) return found;
  }
  return undefined;
}

function isObject(value: unknown): value is object {
  return (typeof value === "object" && value !== null) || typeof value === "function";
}
