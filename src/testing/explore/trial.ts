/**
 * One run of the program under one decider.
 *
 *   running ── all promise work is done (one turn) ──▶ settled?  ──▶ ended
 *      ▲                                                 │ no
 *      └── one thing goes on: what is ready, else a due timer, or something goes wrong
 *                                                        │ nothing can
 *                                                        ▼
 *                                                    deadlock
 */
import { host } from "#host";
import type { CancelledError } from "../../errors/cancelled.ts";
import type { Clock, Timer } from "../../ports/clock.ts";
import type { Observed, Probe } from "../../ports/probe.ts";
import type { ScopeNode } from "../../scope/node.ts";
import { attachProbe } from "../../scope/watch.ts";
import type { TaskGroup } from "../../task/capabilities.ts";
import { engineOf } from "../../task/group.ts";
import { taskGroup } from "../../task/roots.ts";
import { type Choice, type Decider, MOST_IN_ROW } from "./decider.ts";
import { type Fault, type FaultKind, possibleFaults } from "./fault.ts";
import { EndlessRun } from "./endless-run.ts";
import { census } from "../census.ts";
import { DeadlockError } from "../deadlock.ts";
import { outstandingWork } from "../external.ts";
import { treeText } from "../tree-text.ts";
import { taskOf } from "./task-of.ts";
import { World } from "./world.ts";

/** What a run hands to the program, beside its group. */
export interface Trial {
  /** The run's time: for roots that the program opens beside its group. */
  readonly clock: Clock;
  /** Leaves something open: gives a number from 0 up, below `ways`; every one of them is tried. `about` is for the timeline. */
  choose(ways: number, about?: string): number;
  /** Writes a line into the timeline. */
  note(text: string): void;
}

/** What is explored. It makes all that it uses anew in each run, and throws when something is wrong. */
export type Program = (group: TaskGroup, trial: Trial) => unknown;

export interface TrialLimits {
  readonly faults: ReadonlySet<FaultKind>;
  /** How many things may go wrong in one run. */
  readonly mostFaults: number;
  /** After so many steps a run is taken for endless. */
  readonly steps: number;
  /** Timers that are due so many ms after one another may fire in either order. */
  readonly slack: number;
}

/** One line of a timeline. */
export interface Moment {
  readonly time: number;
  readonly scope: ScopeNode;
  readonly what: string;
  /** A turn from the plain order. */
  readonly isDeviation: boolean;
}

export interface Run {
  /** What it failed with; nothing if it did not. */
  readonly failure: readonly [] | readonly [error: unknown];
  /** Of each decision the way that was taken, and how many there were. */
  readonly ways: readonly number[];
  readonly counts: readonly number[];
  readonly steps: number;
  /** Whether it waited for registered work of the outside, whose order nobody explores. */
  readonly hasWaited: boolean;
  readonly moments: readonly Moment[];
}

const NOTHING_CAN_COME = "In this run nothing is ready, no timer is armed, and no external() work is outstanding.";
const OTHERWISE =
  "If something outside of the run was still going to, such as I/O, a real timer, or what a scope.wait() waits for: an explored program puts a fake " +
  "with a checkpoint() in its place, or registers it with external(promise, label).";

/** A timer, as sleeps and deadlines are. */
type Due = Timer & { readonly scope?: ScopeNode; readonly label?: string };

export function run(program: Program, decider: Decider, limits: TrialLimits, isRecording = false): Promise<Run> {
  return new Running(program, decider, limits, isRecording).outcome;
}

class Running implements Trial {
  readonly outcome: Promise<Run>;
  readonly #world: World;
  readonly #decider: Decider;
  readonly #limits: TrialLimits;
  readonly #ways: number[] = [];
  readonly #counts: number[] = [];
  readonly #moments: Moment[] | undefined;
  readonly #probe: Disposable | undefined;
  readonly #turn = (): void => this.#afterTurn();
  #group!: TaskGroup;
  #root!: ScopeNode;
  #steps = 0;
  #faultsLeft: number;
  #isSettled = false;
  #hasWaited = false;
  #failure: Run["failure"] = [];
  #resolve!: (run: Run) => void;
  /** Which task went on last, and how often in a row. */
  #last: ScopeNode | undefined;
  #inRow = 0;
  /** In whose name the program runs now. */
  #current!: ScopeNode;

  constructor(program: Program, decider: Decider, limits: TrialLimits, isRecording: boolean) {
    this.#world = World.open();
    this.#decider = decider;
    this.#limits = limits;
    this.#faultsLeft = limits.faults.size === 0 ? 0 : limits.mostFaults;
    if (isRecording) {
      this.#moments = [];
      this.#probe = attachProbe(this.#witness());
    }
    this.outcome = new Promise((resolve) => (this.#resolve = resolve));
    const body = (group: TaskGroup): unknown => {
      this.#group = group;
      this.#root = this.#current = engineOf(group);
      return program(group, this);
    };
    taskGroup(body, { clock: this.#world, name: program.name || "program", errors: "first" }).then(
      () => (this.#isSettled = true),
      (error: unknown) => {
        this.#isSettled = true;
        if (this.#failure.length === 0) this.#failure = [error];
      },
    );
    host.nextTurn(this.#turn);
  }

  get clock(): Clock {
    return this.#world;
  }

  choose(ways: number, about = "choice"): number {
    if (!(Number.isInteger(ways) && ways > 0)) throw new RangeError(`trial.choose() needs a whole number of ways from 1 up, and got ${String(ways)}.`);
    const way = ways === 1 ? 0 : this.#decided(ways, this.#decider.pick(ways));
    this.#tell(this.#current, `${about}: ${way}`, way > 0);
    return way;
  }

  note(text: string): void {
    this.#tell(this.#current, text, false);
  }

  #afterTurn(): void {
    if (!this.#isSettled && this.#goOn()) return host.nextTurn(this.#turn);
    this.#world.close();
    this.#probe?.[Symbol.dispose]();
    this.#resolve({ failure: this.#failure, ways: this.#ways, counts: this.#counts, steps: this.#steps, hasWaited: this.#hasWaited, moments: this.#moments ?? [] });
  }

  /** Lets one thing go on; false when the run is over. */
  #goOn(): boolean {
    if (this.#failure.length > 0) return this.#wind();
    if (this.#steps >= this.#limits.steps) return this.#stop(new EndlessRun(this.#limits.steps, treeText(this.#world)));
    if (this.#step()) return true;
    if (outstandingWork().length > 0) return (this.#hasWaited = true);
    return this.#stop(new DeadlockError(this.#world.now(), treeText(this.#world), NOTHING_CAN_COME, OTHERWISE));
  }

  #step(): boolean {
    const { ready } = this.#world;
    if (ready.length === 0) return this.#fire(this.#world.due(this.#limits.slack));
    this.#steps++;
    const last = this.#inRow < MOST_IN_ROW ? Math.max(0, ready.findIndex(({ wait }) => taskOf(wait.scope as ScopeNode) === this.#last)) : 0;
    // Way 0 is the task that went on last, the others follow in their order.
    const at = (way: number): number => (way === 0 ? last : way <= last ? way - 1 : way);
    const faults = this.#faultsLeft === 0 ? [] : possibleFaults(this.#limits.faults, this.#root, this.#world);
    const who = (way: number): object => taskOf(ready[at(way)]!.wait.scope as ScopeNode);
    const way = this.#decide({ ready: ready.length, oldest: last === 0 ? 0 : 1, faults: faults.length, who });
    if (way < ready.length) this.#letGo(at(way), way > 0);
    else this.#goWrong(faults[way - ready.length]!);
    return true;
  }

  #letGo(at: number, isDeviation: boolean): void {
    const [entry] = this.#world.ready.splice(at, 1);
    const { wait, go } = entry!;
    const task = taskOf((this.#current = wait.scope as ScopeNode));
    this.#inRow = task === this.#last ? this.#inRow + 1 : 0;
    this.#last = task;
    this.#tell(this.#current, wait.label, isDeviation);
    go();
  }

  #fire(timers: readonly Due[]): boolean {
    if (timers.length === 0) return false;
    this.#steps++;
    const way = this.#decide({ ready: timers.length, oldest: 0, faults: 0, who: (index) => taskOf(timers[index]!.scope ?? this.#root) });
    const { scope = this.#root, label = "delay" } = timers[way]!;
    this.#world.fire(timers[way]!);
    if (label === "deadline" || way > 0) this.#tell(scope, label, way > 0);
    return true;
  }

  #goWrong(fault: Fault): void {
    this.#faultsLeft--;
    this.#tell(fault.scope, fault.about, true);
    fault.happen();
  }

  #decide(choice: Choice): number {
    const ways = choice.ready + choice.faults;
    return ways === 1 ? 0 : this.#decided(ways, this.#decider.next(choice));
  }

  #decided(count: number, way: number): number {
    this.#counts.push(count);
    this.#ways.push(way);
    return way;
  }

  /** Writes down what happens between two decisions. */
  #witness(): Probe {
    const tell = (what: string) => (scope: Observed) => {
      const node = scope as ScopeNode;
      if (node.clock === this.#world && node.kind === "task") this.#tell(node, what, false);
    };
    return { opened: tell("starts"), cancelled: tell("is cancelled"), ended: tell("ends") };
  }

  #tell(scope: ScopeNode, what: string, isDeviation: boolean): void {
    if (this.#failure.length === 0) this.#moments?.push({ time: this.#world.now(), scope, what, isDeviation });
  }

  /** Something is wrong with the run itself: it is cancelled, so that nothing of it is left. */
  #stop(error: unknown): boolean {
    this.#failure = [error];
    this.#steps = 0;
    this.#group.cancel("explore() gave this run up");
    return true;
  }

  /** Lets a run that was given up come to its end, in the usual order; what waits for ever, in a shield too, fails. */
  #wind(): boolean {
    if (++this.#steps > this.#limits.steps) return false;
    const [entry] = this.#world.ready.splice(0, 1);
    const [timer] = this.#world.due(0);
    if (entry !== undefined) entry.go();
    else if (timer !== undefined) this.#world.fire(timer);
    else return this.#failWaits();
    return true;
  }

  #failWaits(): boolean {
    const { waits } = census(this.#world);
    for (const wait of waits) wait.leave();
    for (const wait of waits) wait.interrupt(this.#failure[0] as CancelledError);
    return waits.length > 0;
  }
}
