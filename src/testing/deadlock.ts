/**
 * Deadlocks on a test clock: seen, told, and ended.
 *
 * A deadlock is reported only when all of this holds, for a tenth of a second on end; a false report would be worse than none.
 *   1. Each function on the clock visibly waits in the library, and none of them for a promise of the outside.
 *   2. No timer is armed on any test clock, and no `external()` work is outstanding.
 *   3. No signal from outside hangs over a tree of the clock.
 *   4. Node.js has nothing under way beyond what belongs to the test runner: no turn, timer, request, socket, child process.
 *
 * Not seen, and so a reason for a false report: what was unref'd (`AbortSignal.timeout()` with a listener of one's own), and
 * computations in threads of the runtime, where they take longer than that. Either only where it wakes the tree from
 * outside of it, or where a function awaits it beside an operation of the library (`Promise.race`).
 * Not reported though one: a deadlock in which somebody awaits a plain promise, on a runtime other than Node.js, or with
 * a server open.
 */
import { host } from "#host";
import type { CancelledError } from "../errors/cancelled.ts";
import type { Clock } from "../ports/clock.ts";
import { type Census, census, programTimers } from "./census.ts";
import { outstandingWork } from "./external.ts";
import { underWay } from "./outside.ts";
import { treeText } from "./tree-text.ts";
import { turn } from "./turns.ts";

/** How long nothing may happen, in real time: longer than most of what Node.js does not list. */
const SILENCE_MS = 100;

/**
 * Everything on a test clock waits for something that cannot come: what every wait in those trees is rejected with. One
 * object for all of them; an ordinary error, no cancellation.
 *
 * @example
 * ```ts
 * import { leaves, sleepForever, taskGroup } from "espalier";
 * import { DeadlockError, testClock } from "espalier/testing";
 *
 * try {
 *   await taskGroup((group) => void group.spawn(sleepForever, { name: "consumer" }), { clock: testClock() });
 * } catch (error) {
 *   const [deadlock] = leaves(error);
 *   if (deadlock instanceof DeadlockError) console.log(deadlock.tree); // taskGroup: waits for its tasks\n  consumer: sleep
 * }
 * ```
 */
export class DeadlockError extends Error {
  /** What ran on the clock, each task with what it waited for. */
  readonly tree: string;

  /** `seen` is what shows that nothing can come, `otherwise` what to do where something was to come all the same. */
  constructor(now: number, tree: string, seen: string, otherwise: string) {
    super(
      `Deadlock at ${now} ms of virtual time: everything waits, and nothing is left that could wake any of it. ${seen}\n\n` +
        `${tree.replace(/^/gm, "  ")}\n\n` +
        `Typically a task waits for another one that waits for it, or whoever should have sent, released or closed something has ended ` +
        `without it. Look for who should have woken the first of these waits. ${otherwise}`,
    );
    this.tree = tree;
  }

  static {
    Object.defineProperty(DeadlockError.prototype, "name", { value: "DeadlockError", writable: true, configurable: true });
  }
}

/** Waits until nothing has happened for long enough, and says whether the trees on `clock` are deadlocked. */
export async function isDeadlocked(clock: Clock, activity: () => number): Promise<boolean> {
  if (!nothingCanCome() || !allBlocked(census(clock))) return false;
  const before = activity();
  const since = host.now();
  do {
    await turn();
    if (activity() !== before || !nothingCanCome()) return false;
  } while (host.now() - since < SILENCE_MS);
  return allBlocked(census(clock));
}

/** Ends every wait on `clock` with one error. */
export function reportDeadlock(clock: Clock): void {
  const error = new DeadlockError(
    clock.now(),
    treeText(clock),
    "No timer is armed on this test clock, no external() work is outstanding, no signal from outside can abort it, and Node.js has nothing under way.",
    "If something outside of the tree was still going to: register that work with external(promise, label), or use testClock({ autojump: false }).",
  );
  const { waits } = census(clock);
  for (const wait of waits) wait.leave();
  // As a cancellation does it: whoever queued a waiter takes it out. What it is rejected with is ours.
  for (const wait of waits) wait.interrupt(error as unknown as CancelledError);
}

function nothingCanCome(): boolean {
  return outstandingWork().length === 0 && underWay(programTimers())?.isAnything === false;
}

function allBlocked({ waits, unseen, isOpenToOutside }: Census): boolean {
  return waits.length > 0 && unseen.length === 0 && !isOpenToOutside;
}
