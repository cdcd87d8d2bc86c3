/** What a test has left behind. */
import { host } from "#host";
import { forest, ScopeNode } from "../scope/node.ts";
import { waitsOf } from "./census.ts";
import { AssertionError } from "./assertion-error.ts";
import { outstandingWork } from "./external.ts";
import { nativeTimers } from "./outside.ts";
import { treeText } from "./tree-text.ts";
import { turn } from "./turns.ts";

/** How long what is about to end may take to do so, in real time: longer than the timers by which runners gather their reports. */
const PATIENCE_MS = 250;

/** What is alive, each with its name. */
interface Alive {
  /** Scopes and tasks, waits, listeners on signals from outside, registered work. */
  readonly things: ReadonlyMap<object | string, string>;
  readonly timers: number;
}

/**
 * Fails if something is left over: tasks and scopes, operations that wait, listeners that the library has on signals from outside,
 * registered `external` work, and, around a body, native timers (on Node.js). Each is named in the error.
 *
 * Without an argument, for `afterEach(() => assertNoLeaks())`, nothing may be alive at all. With a function it runs that and
 * compares with what was alive before; it gives what the function gives. What is about to end gets a quarter of a second.
 * Throws an `AssertionError`; if the function throws, that error.
 *
 * @example
 * ```ts
 * import { taskGroup } from "espalier";
 * import { assertNoLeaks } from "espalier/testing";
 *
 * const answer = await assertNoLeaks(() => taskGroup(() => 42));
 * console.log(answer); // 42
 * ```
 */
export async function assertNoLeaks<T = void>(body?: () => T | PromiseLike<T>): Promise<T> {
  if (body !== undefined && typeof body !== "function") {
    throw new TypeError(
      `assertNoLeaks() takes the test's body, or nothing, and got ${typeof body}. As a hook write afterEach(() => assertNoLeaks()): ` +
        `some runners give their hooks an argument.`,
    );
  }
  // Whose timers those are that run before the body, or without one, nobody can tell: the runner has its own.
  const before = body === undefined ? undefined : alive();
  const value = await body?.();
  const since = host.now();
  let left = leftOf(before);
  while (left.length > 0 && host.now() - since < PATIENCE_MS) {
    await turn();
    left = leftOf(before);
  }
  if (left.length === 0) return value as T;
  const tree = treeText();
  throw new AssertionError(
    `The test has left behind: ${left.join(", ")}.${tree === "" ? "" : `\n\n${tree.replace(/^/gm, "  ")}\n\n`} Typically a call that opens a scope was not ` +
      `awaited, or a timer not cleared. Await the call, or cancel what is to end with the test.`,
  );
}

function leftOf(before: Alive | undefined): string[] {
  const now = alive();
  const counts = new Map<string, number>();
  for (const [thing, name] of now.things) if (before?.things.has(thing) !== true) counts.set(name, (counts.get(name) ?? 0) + 1);
  const left = [...counts].map(([name, count]) => (count === 1 ? name : `${count.toLocaleString("en")} × ${name}`));
  const timers = before === undefined ? 0 : now.timers - before.timers;
  return [...left, ...(timers > 0 ? [`${timers} native ${timers === 1 ? "timer" : "timers"}`] : [])];
}

function alive(): Alive {
  const things = new Map<object | string, string>();
  ScopeNode.walk(forest, (node) => {
    if (node === forest) return true;
    things.set(node, node.kind === "signal" ? `a listener of "${node.name}" on a signal from outside` : `${node.kind} "${node.name}"`);
    for (const wait of waitsOf(node)) things.set(wait, `"${wait.label}" that waits in "${node.name}"`);
    return true;
  });
  for (const label of outstandingWork()) things.set(`external ${label}`, `external work "${label}"`);
  return { things, timers: nativeTimers() };
}
