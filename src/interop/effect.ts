/**
 * Beside Effect: functions of espalier as Effects, and Effects in a scope.
 *
 * Invariants
 *   1. Neither side goes on while the other still cleans up: who is interrupted or cancelled waits for the other's end.
 *   2. The tree is not cut: a scope of `asEffect` inside of `runEffect` is a child of that scope, and an Effect of `runEffect`
 *      inside of `asEffect` has the references (logger, tracer, clock …) of that fiber.
 *   3. What is uninterruptible to Effect is shielded to espalier.
 */
import { Cause, Clock as EffectClock, Context, Effect, Exit, type Fiber } from "effect";
import { type Cancellable, type CancelScope, failAfter, type RootOptions, type Scope } from "../index.ts";
import { needSignal } from "../flow/arguments.ts";
import { clockOf, type Observed, observed, realClock } from "../lowlevel.ts";
import { annotationOf, cancellationOf, causeOf, errorOf } from "./effect-cause.ts";
import { effectClockOf } from "./effect-clock.ts";
import { isOwnCancellation } from "./own-cancellation.ts";

export { cancellationOf, causeOf, errorOf } from "./effect-cause.ts";

/** How a function of espalier becomes an Effect. */
export interface AsEffectOptions<E> extends RootOptions {
  /**
   * Makes of what was thrown the failure that callers are to handle. Asked for each failure in a TaskGroupError by itself;
   * what it throws is a defect, so a `throw error` in its last line keeps the unexpected out of the error channel.
   */
  readonly catch?: ((error: unknown) => E) | undefined;
}

/** The scope in which an Effect runs. */
const Around: Context.Reference<Scope | undefined> = Context.Reference<Scope | undefined>("espalier/Scope", { defaultValue: () => undefined });

/** The fibers' contexts, by the scopes that `asEffect` opened in them. */
const contexts = new WeakMap<Observed, Context.Context<never>>();

/**
 * A function of espalier as an Effect. Each run calls `body` with a scope of its own, and ends when everything in that has ended.
 *
 * Interrupted, as by `Effect.timeout`, it cancels the scope, and the fiber waits for its end; what fails in the cleanup is in
 * the Cause beside the interruption. What `body` throws is a failure, of type `unknown` unless `catch` says more: see `causeOf`.
 * Run by `runEffect`, the scope is a child of that scope, with its deadline and clock; else `options` say where it
 * lives, as for `failAfter`. Cost: a scope, a few promises.
 *
 * @example
 * ```ts
 * import { Effect } from "effect";
 * import { sleep } from "espalier";
 * import { asEffect } from "espalier/effect";
 *
 * const slow = asEffect(async (scope) => {
 *   try {
 *     await sleep(60_000, scope);
 *   } finally {
 *     await scope.shield(() => console.log("cleaned up"), { timeout: 1_000 });
 *   }
 * });
 * await Effect.runPromise(slow.pipe(Effect.timeoutOption("10 millis"))); // "cleaned up"
 * ```
 */
export function asEffect<T, E = unknown>(body: (scope: CancelScope) => T | PromiseLike<T>, options?: AsEffectOptions<E> | undefined): Effect.Effect<T, E> {
  return Effect.withFiber((fiber) => Effect.callback<T, E>((resume) => {
    let scope: CancelScope | undefined;
    const call = open(fiber, body, options, (opened) => (scope = opened));
    const end = call.then<Exit.Exit<T, E>, Exit.Exit<T, E>>(Exit.succeed, (error: unknown) => Exit.failCause(causeOf(error, options?.catch)));
    void end.then(resume);
    return Effect.suspend(() => {
      scope?.cancel(`its fiber #${fiber.id} was interrupted`);
      return Effect.callback<void>((goOn) => void end.then((exit) => goOn(leftOver(exit, scope) as Effect.Effect<void>)));
    });
  }));
}

/** Opens the scope of a run, and calls `body` in it. */
function open<T>(
  fiber: Fiber.Fiber<unknown, unknown>,
  body: (scope: CancelScope) => T | PromiseLike<T>,
  options: RootOptions | undefined,
  opened: (scope: CancelScope) => void,
): Promise<T> {
  const around = fiber.getRef(Around);
  const name = options?.name ?? (body.name || "asEffect");
  const run = (scope: CancelScope): T | PromiseLike<T> => {
    const key = observed(scope);
    if (key !== undefined) contexts.set(key, fiber.context);
    opened(scope);
    return body(scope);
  };
  if (around === undefined || options?.signal !== undefined) return failAfter(Infinity, run, { ...options, name });
  return isUninterruptible(fiber) ? around.shield(run, { name }) : around.failAfter(Infinity, run, { name });
}

/** Effect knows, and does not say it in its types. Where it should stop to tell, a scope's cancellation reaches what it was asked to spare. */
function isUninterruptible(fiber: Fiber.Fiber<unknown, unknown>): boolean {
  return (fiber as { readonly interruptible?: boolean }).interruptible === false;
}

/** What an interrupted run still has to tell: the failures of its cleanup. */
function leftOver<E>(exit: Exit.Exit<unknown, E>, scope: Scope | undefined): Effect.Effect<void, E> {
  if (exit._tag === "Success") return Effect.void;
  const failures = exit.cause.reasons.filter((reason) => !isOwnCancellation(cancellationOf(Cause.fromReasons([reason])), scope));
  return failures.length === 0 ? Effect.void : Effect.failCause(Cause.fromReasons(failures));
}

/**
 * Runs an Effect in a scope, and gives its value when all of it has ended, finalizers too.
 *
 * It throws a failure or a defect as it is, several of them in one TaskGroupError: see `errorOf`. Cancelled, also by a
 * deadline, it interrupts the fiber, waits for its finalizers and for what is uninterruptible, and rejects with the scope's
 * CancelledError, which `cancellationOf` shows to the Effect; a failure meanwhile beats that. In a scope that is cancelled already
 * the Effect does not start. It needs no services (`Effect.provide` them), and on a test clock `Effect.sleep` takes
 * virtual time. Cost: a scope, a fiber, a few promises.
 *
 * @example
 * ```ts
 * import { Effect } from "effect";
 * import { taskGroup } from "espalier";
 * import { runEffect } from "espalier/effect";
 *
 * const greeting = Effect.gen(function* () {
 *   yield* Effect.sleep("5 millis");
 *   return "hello";
 * });
 * await taskGroup(async (group) => console.log(await runEffect(greeting, group))); // "hello"
 * ```
 */
export async function runEffect<A, E>(effect: Effect.Effect<A, E>, scope: Cancellable): Promise<A> {
  needSignal(scope, "runEffect()");
  return failAfter(
    Infinity,
    (own) => {
      own.throwIfCancelled();
      return new Promise<A>((resolve, reject) => {
        const fiber = Effect.runForkWith(contextOf(own))(effect);
        const watch = own.onCancel((cancellation) => fiber.interruptUnsafe(undefined, annotationOf(cancellation)));
        fiber.addObserver((exit) => {
          watch[Symbol.dispose]();
          if (exit._tag === "Success") resolve(exit.value);
          else reject(own.reason !== undefined && Cause.hasInterruptsOnly(exit.cause) ? own.reason : errorOf(exit.cause));
        });
      });
    },
    { signal: scope.signal, name: "runEffect" },
  );
}

/** What an Effect in `scope` is given: the references of the fiber around, where there is one, and the scope's time. */
function contextOf(scope: Scope): Context.Context<never> {
  let at = observed(scope);
  while (at !== undefined && !contexts.has(at)) at = at.owner;
  const around: Context.Context<never> = (at === undefined ? undefined : contexts.get(at)) ?? Context.empty();
  const inside = Context.add(around, Around, scope);
  const clock = clockOf(scope);
  return clock === realClock ? inside : Context.add(inside, EffectClock.Clock, effectClockOf(clock));
}
