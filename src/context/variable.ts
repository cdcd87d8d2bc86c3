/**
 * Values that belong to scopes, and hold for everything below them.
 *
 * Invariants
 *   1. A value is kept by its scope and goes with it: nothing is copied, and nothing has to be reset.
 *   2. What holds in a scope is the value of the nearest scope on the way up that has one, shields included.
 *   3. A variable that travels has the caller's value in the root scope of a work: as it was when the call was sent, in a copy.
 */
import { MisuseError } from "../errors/misuse.ts";
import { type Observed, observed } from "../lowlevel.ts";
import type { Cancellable, Scope } from "../task/capabilities.ts";
import { currentScope } from "./ambient.ts";
import { arrivedAt, type Held, letTravel } from "./travelling.ts";

/** How a context variable is declared. */
export interface ContextVariableOptions<T> {
  /** What it has where it was given no value. */
  readonly default?: T;
  /**
   * Its value goes along with the calls of works, to threads and processes, and holds there in the scope of the work: in a variable of the same name. So of
   * those that travel each has a name of its own in the program; for a second one MisuseError `"DECLARED_TWICE"` is thrown.
   */
  readonly travels?: boolean | undefined;
}

/**
 * A value that is around without being handed down: a request's id, a logger, a transaction.
 *
 * It belongs to a scope and holds for all that is opened and spawned in that: a task has the value of its group, whoever spawned it. So it needs
 * no help of the runtime where the scope is at hand, `variable.get(scope)`; without one, `variable.get()` asks {@link currentScope}.
 *
 * @example
 * ```ts
 * import { taskGroup } from "espalier";
 * import { ContextVariable } from "espalier/context";
 *
 * const requestId = new ContextVariable<string>("requestId", { default: "none" });
 * await taskGroup(async (group) => {
 *   const seen = await requestId.run("r-17", (scope) => scope.all([(own) => requestId.get(own)]), group);
 *   console.log(seen, requestId.get(group)); // [ 'r-17' ] none
 * });
 * ```
 */
export class ContextVariable<T> {
  readonly name: string;
  readonly #values = new WeakMap<Observed, Held<T>>();
  readonly #options: ContextVariableOptions<T>;

  constructor(name: string, options: ContextVariableOptions<T> = {}) {
    this.name = name;
    this.#options = options;
    if (options.travels === true) letTravel(name, (at) => this.#values.get(at));
  }

  /**
   * The value that holds in `scope`, by default in the current one; else the default. Throws MisuseError `"UNSET"` where there is neither, and
   * `"NO_SCOPE"` where no scope is given nor around. Waits for nothing: a cancelled or ended scope answers as well. Cost: a look at each scope on
   * the way up.
   */
  get(scope: Cancellable = currentScope()): T {
    const { travels } = this.#options;
    for (let at = observed(scope); at !== undefined; at = at.owner) {
      const found = this.#values.get(at) ?? (travels === true ? (arrivedAt(at, this.name) as Held<T> | undefined) : undefined);
      if (found !== undefined) return found.value;
    }
    if ("default" in this.#options) return this.#options.default;
    throw new MisuseError(
      "UNSET",
      `The context variable "${this.name}" has no value here, and no default. Typically it was read outside of the run() that ` +
        `gives it one, or by a task of a group further out: a task has the values of its group. Give it a default, or open the group inside of run().`,
    );
  }

  /**
   * Runs `body` in a scope of its own, a child of `scope`, in which the variable has `value`. Throws what `body` throws; cancelled, it is
   * interrupted and waited for, as in any scope. Cost: one scope.
   */
  run<R>(value: T, body: (scope: Scope) => R | PromiseLike<R>, scope: Scope): Promise<R> {
    const within = (own: Scope): R | PromiseLike<R> => {
      this.#values.set(observed(own)!, { value });
      return body(own);
    };
    return scope.failAfter(Infinity, within, { name: this.name });
  }
}

/**
 * Makes a {@link ContextVariable}.
 *
 * One that `travels` has its value in works too, wherever they run: a copy of what it was when the call was sent; what a work
 * changes does not come back. What cannot be cloned cannot travel: the call is refused with NotCloneableError, which names the variable. Cost, once there is
 * one: for each call a look at each scope on the way up, and the copy.
 *
 * @example
 * ```ts
 * import { taskGroup } from "espalier";
 * import { ambient, contextVariable } from "espalier/context";
 *
 * const user = contextVariable<string>("user");
 * const greet = () => `hello ${user.get()}`; // nothing is handed down
 * await taskGroup((group) => user.run("ada", ambient(() => console.log(greet())), group)); // hello ada
 * ```
 */
export function contextVariable<T>(name: string, options?: ContextVariableOptions<T>): ContextVariable<T> {
  return new ContextVariable(name, options);
}
