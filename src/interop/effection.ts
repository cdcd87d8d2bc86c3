/**
 * Beside Effection: functions of espalier as operations, and operations in a scope.
 *
 * Invariants
 *   1. Neither side goes on while the other still cleans up: who halts or cancels waits for the other's end.
 *   2. The tree is not cut: a scope of `asOperation` inside of `runOperation` is a child of that scope, and an operation of
 *      `runOperation` inside of `asOperation` has the contexts of that one.
 *   3. An error of an operation is told where it was run, and nowhere else.
 */
import { createContext, type Context, type Operation, run, type Scope as OperationScope, scoped, type Task, useScope } from "effection";
import { needFunction, needSignal } from "../flow/arguments.ts";
import { type Cancellable, CancelledError, type CancelScope, failAfter, type RootOptions, type Scope } from "../index.ts";
import { type Observed, observed } from "../lowlevel.ts";
import { Call } from "./effection-call.ts";

/** The scope in which an operation runs. */
const Around: Context<Scope> = createContext<Scope>("espalier.scope");

/** The scopes of Effection in which `asOperation` was evaluated, by the scopes that it opened. */
const owners = new WeakMap<Observed, OperationScope>();

/**
 * A function of espalier as an operation. Each evaluation calls `body` with a scope of its own, and ends when everything in that has
 * ended.
 *
 * Halted, as by a `race`, it cancels the scope, and the halt waits for its end; what fails in the cleanup is an error of the
 * halt. What `body` throws is thrown as it is, a TaskGroupError too. Evaluated by `runOperation`, the scope is a child of that
 * scope, with its deadline and clock; else `options` say where it lives, as for `failAfter`. Cost: a scope, two promises.
 *
 * @example
 * ```ts
 * import { race, run, sleep as pause } from "effection";
 * import { sleep } from "espalier";
 * import { asOperation } from "espalier/effection";
 *
 * const slow = asOperation(async (scope) => {
 *   try {
 *     await sleep(60_000, scope);
 *   } finally {
 *     await scope.shield(() => console.log("cleaned up"), { timeout: 1_000 });
 *   }
 * });
 * await run(() => race([slow, pause(10)])); // "cleaned up"
 * ```
 */
export function asOperation<T>(body: (scope: CancelScope) => T | PromiseLike<T>, options?: RootOptions | undefined): Operation<T> {
  return {
    *[Symbol.iterator]() {
      const owner = yield* useScope();
      const name = options?.name ?? (body.name || "asOperation");
      return yield* new Call<T>(name, (opened) => open(owner, body, { ...options, name }, opened));
    },
  };
}

function open<T>(
  owner: OperationScope,
  body: (scope: CancelScope) => T | PromiseLike<T>,
  options: RootOptions,
  opened: (scope: CancelScope) => void,
): Promise<T> {
  const around = owner.get(Around);
  const enter = (scope: CancelScope): T | PromiseLike<T> => {
    const key = observed(scope);
    if (key !== undefined) owners.set(key, owner);
    opened(scope);
    return body(scope);
  };
  if (around === undefined || options.signal !== undefined) return failAfter(Infinity, enter, options);
  // What begins in a halted operation is its cleanup.
  return around.cancelled ? around.shield(enter, options) : around.failAfter(Infinity, enter, options);
}

/**
 * Runs an operation in a scope, and gives its value when all of it has ended, what it spawned too.
 *
 * It throws what the operation throws, as it is; in the scope of `asOperation` it has the contexts of that operation, whom its
 * error does not reach otherwise. Cancelled, also by a deadline, it halts the operation, waits for that, and rejects with the
 * scope's CancelledError; an error of the halt beats that. In a scope that is cancelled already the operation does not start.
 * Cost: a scope, a task of Effection, a few promises.
 *
 * @example
 * ```ts
 * import { sleep } from "effection";
 * import { taskGroup } from "espalier";
 * import { runOperation } from "espalier/effection";
 *
 * function* greeting() {
 *   yield* sleep(5);
 *   return "hello";
 * }
 * await taskGroup(async (group) => console.log(await runOperation(greeting, group))); // "hello"
 * ```
 */
export async function runOperation<T>(operation: () => Operation<T>, scope: Cancellable): Promise<T> {
  needFunction(operation, "runOperation()", "the operation");
  needSignal(scope, "runOperation()");
  return failAfter(
    Infinity,
    async (own) => {
      own.throwIfCancelled();
      const outcome: Outcome<T> = { status: "running" };
      const task = startIn(ownerOf(own), () => kept(operation, own, outcome));
      await ended(task, own, outcome);
      if (outcome.status === "failed") throw outcome.error;
      if (outcome.status === "succeeded") return outcome.value as T;
      // It was halted, by us or with the operation that owns it.
      own.throwIfCancelled();
      throw new CancelledError("explicit", own.name, "its operation was halted");
    },
    { signal: scope.signal, name: operation.name || "runOperation" },
  );
}

/** How an operation ended. Halted, it may seem to succeed: a generator that is left in a `yield*` whose `finally` waits goes on after it. */
interface Outcome<T> {
  status: "running" | "halted" | "succeeded" | "failed";
  value?: T;
  error?: unknown;
}

/** Runs `operation`, and keeps how it ended: to Effection the task always succeeds, or its error would reach the owner, too. */
function* kept<T>(operation: () => Operation<T>, own: Scope, outcome: Outcome<T>): Operation<void> {
  try {
    outcome.value = yield* scoped(function* () {
      yield* Around.set(own);
      return yield* operation();
    });
    if (outcome.status === "running") outcome.status = "succeeded";
  } catch (error) {
    outcome.error = error;
    outcome.status = "failed";
  }
}

function startIn(owner: OperationScope | undefined, operation: () => Operation<void>): Task<void> {
  return owner === undefined ? run(operation) : owner.run(operation);
}

function ownerOf(scope: Scope): OperationScope | undefined {
  for (let at = observed(scope); at !== undefined; at = at.owner) {
    const owner = owners.get(at);
    if (owner !== undefined) return owner;
  }
  return undefined;
}

/** Resolves when the task has ended, which `own` halts when it is cancelled. */
async function ended(task: Task<void>, own: Scope, outcome: Outcome<unknown>): Promise<void> {
  const watch = own.onCancel(() => {
    if (outcome.status === "running") outcome.status = "halted";
    task.halt().then(undefined, () => {});
  });
  await task.then(undefined, () => {});
  watch[Symbol.dispose]();
}
