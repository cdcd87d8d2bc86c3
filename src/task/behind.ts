import type { Clock } from "../ports/clock.ts";
import type { Observed } from "../ports/probe.ts";
import type { Cancellable } from "./capabilities.ts";
import { realClock } from "./clock.ts";
import { findNode } from "./face.ts";

/**
 * The clock that a scope lives by: for a root of one's own that is to live in the same time. The real clock for a foreign signal.
 *
 * @example
 * ```ts
 * import { taskGroup } from "espalier";
 * import { clockOf } from "espalier/lowlevel";
 * import { testClock } from "espalier/testing";
 *
 * const clock = testClock();
 * await taskGroup((group) => console.log(clockOf(group) === clock), { clock }); // true
 * ```
 */
export function clockOf(scope: Cancellable): Clock {
  return findNode(scope)?.clock ?? realClock;
}

/**
 * A scope as probes see it: the same object for all that stand for one scope (`{ ...scope }`), and `owner` is the way up. It is
 * the key for what is to be kept by scope, in a WeakMap. `undefined` for a foreign signal.
 *
 * @example
 * ```ts
 * import { taskGroup } from "espalier";
 * import { observed } from "espalier/lowlevel";
 *
 * await taskGroup((outer) => outer.group((inner) => console.log(observed(inner)?.owner === observed(outer)))); // true
 * ```
 */
export function observed(scope: Cancellable): Observed | undefined {
  return findNode(scope);
}
