/**
 * The scope that is around without being handed down.
 *
 * Invariants
 *   1. There is one storage, and `run` is called once for each call of a function that `ambient` made, never else.
 *   2. What is around is the scope that such a function was handed: that of a task for a task, of a time limit for its body.
 */
import { storage } from "#ambient-storage";
import { MisuseError } from "../errors/misuse.ts";
import type { Scope } from "../task/capabilities.ts";

/**
 * Makes the scope that `fn` is handed the current one for all that it calls and awaits: `group.spawn(ambient(work))`,
 * `scope.failAfter(100, ambient(work))`.
 *
 * The scope is that of the innermost function that was made ambient. In a `failAfter` whose body is not, the current scope is still
 * the one around: what waits in it does not know of the time limit. Where the runtime has no AsyncLocalStorage (browsers), `fn` comes back as
 * it is. Cost: one `AsyncLocalStorage.run` for each call.
 *
 * @example
 * ```ts
 * import { sleep, taskGroup } from "espalier";
 * import { ambient, currentScope } from "espalier/context";
 *
 * const query = async () => {
 *   await sleep(5, currentScope());
 *   return currentScope().name;
 * };
 * await taskGroup(async (group) => {
 *   const task = group.spawn(ambient(() => query()), { name: "report" });
 *   console.log(await task.join(group)); // "report"
 * });
 * ```
 */
export function ambient<A extends [Scope, ...unknown[]], R>(fn: (...args: A) => R): (...args: A) => R {
  if (typeof fn !== "function") throw new TypeError(`ambient() needs a function that takes a scope, and got ${typeof fn}. It is called for you: group.spawn(ambient(work)).`);
  const around = storage;
  if (around === undefined) return fn;
  const called = (...args: A): R => around.run(args[0], fn, ...args);
  return Object.defineProperty(called, "name", { value: fn.name });
}

/**
 * The scope of the innermost function around that was made {@link ambient}. A scope that has ended is given too: a timer that outlived its
 * task finds it, and whatever waits in it throws `"SCOPE_ENDED"`.
 *
 * Throws MisuseError `"NO_SCOPE"` outside of such a function, and in browsers. Its cancellation is that of any scope: see `Scope`.
 *
 * @example
 * ```ts
 * import { taskGroup } from "espalier";
 * import { ambient, currentScope } from "espalier/context";
 *
 * const log = (text: string) => console.log(`[${currentScope().name}] ${text}`);
 * await taskGroup(ambient(() => log("started")), { name: "import" }); // [import] started
 * ```
 */
export function currentScope(): Scope {
  const scope = tryCurrentScope();
  if (scope !== undefined) return scope;
  const why =
    storage === undefined
      ? "This runtime has nothing that follows a task through its awaits (AsyncLocalStorage). Hand the scope down as an argument."
      : "Typically the function that runs was not made ambient: group.spawn(ambient(work)). Or it was called from outside of its task, by an event emitter or a pool.";
  throw new MisuseError("NO_SCOPE", `currentScope() was called where no scope is around. ${why}`);
}

/**
 * As {@link currentScope}; `undefined` where no scope is around.
 *
 * @example
 * ```ts
 * import { tryCurrentScope } from "espalier/context";
 *
 * console.log(tryCurrentScope()?.name ?? "outside"); // "outside"
 * ```
 */
export function tryCurrentScope(): Scope | undefined {
  return storage?.getStore();
}
