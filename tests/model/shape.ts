/**
 * What of a thrown value is cancellation and what is failure, as G5 and G6 say it, and how the failures must look
 * when they are seen again.
 */
import { CancelledError, isCancelled, leaves, MisuseError, TimeoutError } from "espalier";
import { describe } from "./describe.ts";
import type { Life } from "./life.ts";

/** How a failure must look where it comes out. */
export interface Expected {
  readonly text: string;
  /** The very object, where it must be that. */
  readonly error?: unknown;
  matches(error: unknown): boolean;
}

export interface Parts {
  /** The cancellation of a scope around that was in it, no shield being between. */
  readonly cancellation: CancelledError | undefined;
  /** Whether one of a scope beyond a shield was in it: it passes through, and what it is there nobody says. */
  readonly beyond: boolean;
  /** Whether it depends on what happened first within a moment. */
  readonly doubtful: boolean;
  /** What else was in it. */
  readonly failure: Expected | undefined;
}

const NOTHING: Parts = { cancellation: undefined, beyond: false, doubtful: false, failure: undefined };

export function exactly(error: unknown): Expected {
  return { text: describe(error), error, matches: (given) => given === error };
}

export function timeoutOf(cause: CancelledError): Expected {
  return { text: `a TimeoutError because of ${describe(cause)}`, matches: (given) => given instanceof TimeoutError && given.cause === cause };
}

export function misuse(code: string, names: readonly string[] = []): Expected {
  return {
    text: `a MisuseError "${code}"`,
    matches: (given) => given instanceof MisuseError && given.code === code && names.every((name) => given.message.includes(name)),
  };
}

/** A place in the order of the trace, and its time. */
type Moment = { readonly seq: number; readonly at: number };

/** What `error` is where it left the function of `life`. */
export function partsOf(error: unknown, life: Life, when: Moment, whole: unknown = error): Parts {
  const { seq } = when;
  const cancelled = (lives: readonly Life[]): unknown[] => lives.flatMap(({ felt }) => (felt?.cause !== undefined && felt.seq < seq ? [felt.cause] : []));
  const { reached, beyond } = life.around(seq);
  const here = cancelled(reached);
  if (here.includes(error)) return { ...NOTHING, cancellation: error as CancelledError };
  const there = cancelled(beyond);
  // By identity before by cause: it is the cancellation of a scope out there, whatever that was cancelled for.
  if (there.includes(error)) return { ...NOTHING, beyond: true };
  const { cause } = Object(error) as { cause?: unknown };
  if (isCancelled(error) && cause !== undefined && here.includes(cause)) return { ...NOTHING, cancellation: cause as CancelledError };
  if (isCancelled(error) && cause === undefined && !(error instanceof CancelledError)) {
    if (here.length > 0) return { ...NOTHING, cancellation: here[0] as CancelledError };
    return { ...NOTHING, doubtful: isCancelledSoon(life, whole, when), failure: exactly(error) };
  }
  if (isCancelled(error) && there.includes(cause)) return { ...NOTHING, beyond: true };
  return wrappedParts(error, life, when, whole) ?? { ...NOTHING, failure: exactly(error) };
}

/** Whether a cancellation came after the function had ended, but before anybody can have looked at how. */
function isCancelledSoon({ felt }: Life, whole: unknown, { seq, at }: Moment): boolean {
  return felt !== undefined && felt.seq >= seq && felt.at === at && felt.cause.reason !== whole;
}

function wrappedParts(error: unknown, life: Life, when: Moment, whole: unknown): Parts | undefined {
  const suppressing = error instanceof SuppressedError;
  if (!suppressing && !(error instanceof AggregateError)) return undefined;
  const parts = (suppressing ? [error.suppressed, error.error] : (error.errors as unknown[])).map((one) => partsOf(one, life, when, whole));
  const doubtful = parts.some((part) => part.doubtful);
  const beyond = parts.some((part) => part.beyond);
  const cancellation = parts.find((part) => part.cancellation !== undefined)?.cancellation;
  if (cancellation === undefined && !beyond) return doubtful ? { ...NOTHING, doubtful, failure: exactly(error) } : undefined;
  const rest = parts.flatMap(({ failure }) => (failure === undefined ? [] : [failure]));
  return { cancellation, beyond, doubtful, failure: rest.length === 0 ? undefined : suppressing ? rebuiltPair(error, rest) : rebuilt(error, rest) };
}

/** An AggregateError without the cancellations that were in it: the same message and cause, and the rest. */
function rebuilt(original: AggregateError, rest: readonly Expected[]): Expected {
  return {
    text: `an AggregateError of ${rest.map(({ text }) => text).join(", ")}`,
    matches: (given) =>
      given instanceof AggregateError &&
      given.message === original.message &&
      given.cause === original.cause &&
      given.errors.length === rest.length &&
      rest.every((expected, index) => expected.matches(given.errors[index])),
  };
}

/** A SuppressedError of which one or none was cancellation. How one alone is wrapped, if it is, is left open. */
function rebuiltPair(original: SuppressedError, [suppressed, error]: readonly Expected[]): Expected {
  const text = `a SuppressedError of ${error?.text ?? "nothing"} and ${suppressed!.text}`;
  const isIn = (given: unknown): boolean => given instanceof SuppressedError && leaves(given).some((leaf) => suppressed!.matches(leaf));
  if (error === undefined) return { text, matches: (given) => suppressed!.matches(given) || isIn(given) };
  const isPair = (given: unknown): given is SuppressedError => given instanceof SuppressedError && given.message === original.message;
  return { text, matches: (given) => isPair(given) && error.matches(given.error) && suppressed!.matches(given.suppressed) };
}
