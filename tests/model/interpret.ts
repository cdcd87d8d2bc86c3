/**
 * Runs a program against the real library, on a virtual clock, to its end, and gives what happened.
 *
 * A watchdog is planned for the far end of time, where the clock jumps only when nothing else is left to happen: a
 * program that is not over by then never would be.
 */
import type { Clock, Outcome } from "espalier";
import { tree } from "espalier/lowlevel";
import { testClock } from "espalier/testing";
import { hearRejections, reported, turn } from "../runtimes/runtime.ts";
import { attempt } from "./attempt.ts";
import { MeteredClock } from "./metered-clock.ts";
import { act, perform } from "./perform.ts";
import type { Name, Program } from "./program.ts";
import { type Entry, Trace } from "./trace.ts";
import { watch } from "./watch.ts";
import { World } from "./world.ts";

export interface Run {
  readonly program: Program;
  /** Whether an explorer decided what goes on next: what was settled may go on later in its moment than other things. */
  readonly isExplored: boolean;
  readonly entries: readonly Entry[];
  /** Of the tasks whose handle the program got; `undefined` if they never finished. */
  readonly outcomes: ReadonlyMap<Name, Outcome<unknown> | undefined>;
  /** Whether the root call never settled. */
  readonly hung: boolean;
  /** What was left behind. */
  readonly timers: number;
  readonly listeners: number;
  readonly alive: readonly string[];
}

/** When the root is cancelled, if it has not settled by then: later than anything that a program plans. */
const LAST_CALL = 5_000;
const END_OF_TIME = 1e9;

/** In the usual order; or in that of an exploration's trial, on its clock. */
export async function interpret(program: Program, explored?: Clock): Promise<Run> {
  const clock = new MeteredClock(explored ?? testClock());
  const trace = new Trace(() => clock.now());
  const watching = watch(program.watch, trace);
  const world = new World(clock, trace, watching, perform);
  const listeners = countListeners(world.signal.signal);
  const stopHearing = hearRejections((error, promise) => {
    trace.add({ is: "unhandled", error });
    const forgotten = world.forgotten.get(promise);
    if (forgotten === undefined) return;
    world.settled(forgotten, { ok: false, error });
    world.forgotten.delete(promise);
  });

  let hung = false;
  const plans = program.actors.map(({ at, acts }) => clock.plan(at, () => acts.forEach((one) => act(one, world))));
  const standing = tree().length;
  plans.push(clock.plan(LAST_CALL, () => act({ do: "cancel", target: program.root.name, reason: "the last call" }, world)));
  await new Promise<void>((over) => {
    plans.push(
      clock.plan(END_OF_TIME, () => {
        hung = true;
        over();
      }),
    );
    const root = world.opened(program.root, undefined, undefined, program.signal ? { signal: world.signal.signal } : {});
    attempt(
      () => root,
      () => over(),
    );
  });
  for (const cancelPlan of plans) cancelPlan();
  // What a promise that nobody handles was rejected with is reported at the end of the turn.
  await reported();
  for (const [call, name] of world.forgotten) world.settling(name, call).catch(() => {});
  await turn();
  // What an earlier, faulty run left in the tree is not this one's.
  const alive = tree().slice(standing).map(({ name }) => name);
  const timers = clock.armed;
  await drained(clock);
  stopHearing();
  watching.stop();
  const outcomes = new Map([...world.tasks].map(([name, task]) => [name, task.outcome]));
  return { program, isExplored: explored !== undefined, entries: trace.entries, outcomes, hung, timers, listeners: listeners(), alive };
}

function countListeners(signal: AbortSignal): () => number {
  let count = 0;
  const { addEventListener, removeEventListener } = signal;
  signal.addEventListener = (...given: Parameters<AbortSignal["addEventListener"]>): void => {
    count++;
    addEventListener.apply(signal, given);
  };
  signal.removeEventListener = (...given: Parameters<AbortSignal["removeEventListener"]>): void => {
    count--;
    removeEventListener.apply(signal, given);
  };
  return () => count;
}

/** What a faulty run left behind ends before the next run begins, as far as it ends at all. */
async function drained(clock: MeteredClock): Promise<void> {
  for (let turns = 0; clock.armed > 0 && turns < 10_000; turns++) await turn();
  await turn();
}
