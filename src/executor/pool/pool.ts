/**
 * The executor whose works run elsewhere, whatever carries them there.
 *
 * Invariants
 *   1. A call that was admitted is waited for until it is over: by its result, by its cancellation, by the death of its worker.
 *   2. It takes room from its admission until it is over; an abandoned one until it really ends.
 */
import { CancelledError } from "../../errors/cancelled.ts";
import { needGroup } from "../../flow/arguments.ts";
import { claim } from "../../lowlevel.ts";
import { cameBack, wentElsewhere } from "../../scope/elsewhere.ts";
import type { ScopeNode } from "../../scope/node.ts";
import { show } from "../../scope/visible.ts";
import type { Cancellable, Task, TaskGroup } from "../../task/capabilities.ts";
import { operation } from "../../task/park.ts";
import type { Declaration, ExecutorOptions, ExecutorStatistics, MayShareMemory, OpenExecutor, RunOptions, Work } from "../contract.ts";
import { Histogram } from "../histogram.ts";
import { decodeFailure } from "../wire/failure.ts";
import { CANCELLED, DEADLINE, DIED, DROP, type Extra, type Message, REQUEST, type Status, SUCCEEDED } from "../wire/messages.ts";
import type { Clone } from "../wire/uncloneable.ts";
import { exportOf } from "../modules.ts";
import { isIdleWorker } from "../worker/here.ts";
import { declarationOf } from "../work.ts";
import { Backlog } from "./backlog.ts";
import { Call, type Canceller } from "./call.ts";
import type { Death, Launcher } from "./carrier.ts";
import { Crew, type CrewEvents } from "./crew.ts";
import { deadlineOf, extraOf } from "./extra.ts";
import { calledAtImport, closed, diedOf, lateFailure, notSendable, tellDeath } from "./failures.ts";
import type { Lane } from "./lane.ts";
import { type Plan, planOf, runOptionsOf } from "./plan.ts";
import { answer, type RelayOptions } from "./requests.ts";
import { Room } from "./room.ts";
import { SelfWaits } from "./self-wait.ts";
import { Terminations } from "./terminations.ts";

export class Pool implements OpenExecutor, MayShareMemory, CrewEvents, Canceller {
  readonly name: string;
  readonly sharesMemory: boolean;
  readonly #plan: Plan;
  readonly #backlog = new Backlog();
  readonly #crew: Crew;
  readonly #terminations: Terminations;
  readonly #isHere: boolean;
  readonly #decode: NonNullable<Launcher["decode"]>;
  readonly #room: Room;
  readonly #selfWaits: SelfWaits;
  readonly #counts = { succeeded: 0, failed: 0, cancelled: 0, died: 0, abandoned: 0 };
  readonly #waitTime = new Histogram();
  readonly #runTime = new Histogram();
  #isDispatching = false;
  #closing: Promise<void> | undefined;
  #onChange: (() => void) | undefined;

  constructor(launcher: Launcher, options: ExecutorOptions, kind: string) {
    this.#plan = planOf(options, kind, launcher);
    this.#isHere = launcher.isHere === true;
    this.sharesMemory = launcher.sharesMemory === true;
    this.#decode = launcher.decode ?? ((failure, label) => decodeFailure(failure, label, exportOf));
    this.name = this.#plan.name;
    this.#selfWaits = new SelfWaits(this.#plan);
    this.#crew = new Crew(this.#plan, launcher, this.#backlog, this);
    this.#terminations = new Terminations(launcher, (call, lane) => this.#terminate(call, lane));
    const { maxQueued, size, perWorker } = this.#plan;
    this.#room = new Room(maxQueued + size * perWorker, (call) => this.#admit(call));
    show("executor", this.name, this);
    this.#crew.grow(0);
  }

  get size(): number {
    return this.#plan.size * this.#plan.perWorker;
  }

  run<I, R>(work: Work<I, R>, input: I, scope: Cancellable, options?: RunOptions): Promise<Awaited<R>> {
    return this.#run(work, input, scope, options, false);
  }

  async submit<I, R>(work: Work<I, R>, input: I, group: TaskGroup, options?: RunOptions): Promise<Task<Awaited<R>>> {
    const { name } = this.#accepted(work, "submit()");
    needGroup(group, `${this.name}.submit()`);
    const given = this.#given(options, "submit()");
    await claim<void>(group, `room in ${this.name}`, this.#room);
    let hasPlace = true;
    this.#room.take();
    try {
      if (this.#closing !== undefined) throw closed(this.name, name);
      return group.spawn((scope) => this.#run(work, input, scope, given, hasPlace), { name });
    } finally {
      // The task has taken it, or waits for a place in its group and then for another one here.
      hasPlace = false;
      this.#room.fill();
    }
  }

  trySubmit<I, R>(work: Work<I, R>, input: I, group: TaskGroup, options?: RunOptions): Task<Awaited<R>> | undefined {
    const { name } = this.#accepted(work, "trySubmit()");
    needGroup(group, `${this.name}.trySubmit()`);
    const given = this.#given(options, "trySubmit()");
    return this.#room.isThere ? group.trySpawn((scope) => this.run(work, input, scope, given), { name }) : undefined;
  }

  statistics(): ExecutorStatistics {
    let sent = 0;
    for (const lane of this.#crew.lanes) for (const call of lane.sent) if (lane.hasBegun(call)) sent++;
    return {
      workers: this.#crew.lanes.length,
      waiting: this.#room.waiting,
      queued: this.#room.taken - sent,
      running: sent,
      ...this.#counts,
      waitTime: this.#waitTime.figures(),
      runTime: this.#runTime.figures(),
    };
  }

  close(): Promise<void> {
    if (this.#closing === undefined) {
      this.#room.refuse(closed(this.name, "A work"));
      this.#closing = this.#close();
    }
    return this.#closing;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const closed = this.close();
    // The last one first: what ends early must not make room for one that is about to be cancelled.
    for (const call of this.#all().toReversed()) if (!call.isAbandoned) call.scope.cancelWith(new CancelledError("explicit", this.name, "the executor was closed"));
    await closed;
  }

  #all(): Call[] {
    const sent = this.#crew.lanes.flatMap((lane) => [...lane.sent]);
    return [...sent, ...this.#backlog.waiting(), ...this.#room.calls()];
  }

  async #close(): Promise<void> {
    await this.#until(() => this.#room.taken === 0 && this.#room.waiting === 0);
    this.#crew.end();
    await this.#until(() => this.#crew.lanes.length === 0);
  }

  async #until(holds: () => boolean): Promise<void> {
    while (!holds()) await new Promise<void>((resolve) => (this.#onChange = resolve));
  }

  #run<I, R>(work: Work<I, R>, input: I, scope: Cancellable, options: RunOptions | undefined, hasPlace: boolean): Promise<Awaited<R>> {
    let declaration: Declaration;
    let given: RunOptions;
    try {
      declaration = this.#accepted(work, "run()");
      given = this.#given(options, "run()");
    } catch (error) {
      return Promise.reject(error);
    }
    return operation(scope, "run()", (node) => this.#begin(node, declaration, input, given, hasPlace)) as Promise<Awaited<R>>;
  }

  /** What is called, if that makes sense and may be. */
  #accepted<I, R>(work: Work<I, R>, call: string): Declaration {
    const declaration = declarationOf(work, `${this.name}.${call}`) as Declaration;
    if (this.#closing !== undefined) throw closed(this.name, declaration.name);
    if (!this.#isHere && isIdleWorker()) throw calledAtImport(this.name, declaration.name);
    return declaration;
  }

  #given(options: RunOptions | undefined, call: string): RunOptions {
    return runOptionsOf(options, `${this.name}.${call}`, this.#plan);
  }

  #begin(node: ScopeNode, declaration: Declaration, input: unknown, options: RunOptions, hasPlace: boolean): Promise<unknown> {
    const call = new Call(node, declaration, input, options, this.now(), this);
    if (!this.#isHere) wentElsewhere();
    this.#room.enter(call, hasPlace);
    return call.promise;
  }

  #admit(call: Call): void {
    call.state = "queued";
    this.#backlog.add(call);
    this.#dispatch();
  }

  /** Once for all calls of a turn. */
  #dispatch(): void {
    if (this.#isDispatching) return;
    this.#isDispatching = true;
    queueMicrotask(() => {
      this.#isDispatching = false;
      this.#dispatchNow();
    });
  }

  #dispatchNow(): void {
    try {
      this.#crew.grow(this.#room.taken);
    } catch (error) {
      this.#failAll(diedOf("WORKER_NOT_STARTED", this.name, { exit: undefined, error }));
    }
    this.#crew.distribute();
    this.#selfWaits.look(this.#crew.lanes, () => [...this.#backlog.waiting(), ...this.#room.calls()]);
  }

  #failAll(error: Error): void {
    for (const call of this.#backlog.all()) {
      this.#counts.failed++;
      this.#over(call);
      call.fail(error);
    }
  }

  /** The pool has done with it. */
  #over(call: Call): void {
    const wasWaiting = call.state === "waiting";
    call.state = "over";
    if (!this.#isHere) cameBack();
    if (wasWaiting) this.#room.remove(call);
    else this.#room.leave();
    if (this.#onChange !== undefined) this.#onChange();
  }

  // Of a call's scope.

  cancelled(call: Call, cause: CancelledError): void {
    if (call.state === "over") return;
    const lane = this.#laneOf(call);
    if (call.state === "queued") this.#backlog.remove(call);
    else if (lane?.withdraw(call) === true) this.#tookBack(call, lane);
    else if (lane !== undefined) return this.#cancelRunning(call, cause, lane);
    this.#counts.cancelled++;
    this.#over(call);
    call.cancel(cause);
  }

  /** Its worker may have had nothing else, and others may have waited for it to end. */
  #tookBack(call: Call, lane: Lane): void {
    this.#backlog.ended(call);
    this.#crew.rest(lane);
    lane.rest();
    this.#dispatch();
  }

  asks(change: 1 | -1): void {
    this.#selfWaits.asks(change);
  }

  limitMoved(call: Call): void {
    if (call.state === "sent" && !this.#isHere) this.#laneOf(call)?.tell([DEADLINE, call.slot, call.generation, deadlineOf(call.scope)]);
  }

  #cancelRunning(call: Call, cause: CancelledError, lane: Lane): void {
    lane.cancel(call, cause);
    const { whenCancelled = "wait", grace } = call.options;
    if (whenCancelled === "terminate") this.#terminations.arm(call, lane, grace);
    if (whenCancelled !== "abandon") return;
    call.isAbandoned = true;
    this.#counts.abandoned++;
    call.cancel(cause);
  }

  /** Ends the worker of one that did not end in time: it takes nobody else along, who gets to run elsewhere. */
  #terminate(call: Call, lane: Lane): boolean {
    // Where another one has begun, one of the two is over, and its result on the way.
    const isAlone = (): boolean => ![...lane.sent].some((other) => other !== call && lane.hasBegun(other));
    if (!isAlone()) return false;
    for (const other of lane.takeBack()) this.#backlog.putBack(other);
    this.#dispatch();
    const isDue = isAlone();
    if (isDue) lane.kill();
    return isDue;
  }

  #laneOf(call: Call): Lane | undefined {
    return call.state === "sent" ? this.#crew.lanes.find(({ sent }) => (sent as unknown) === call.line) : undefined;
  }

  // Of the crew.

  now(): number {
    return performance.now();
  }

  extraOf(call: Call): Extra | undefined {
    return extraOf(call);
  }

  unsendable(call: Call, error: unknown, clone: Clone | undefined): void {
    this.#backlog.ended(call);
    this.#counts.failed++;
    this.#over(call);
    call.fail(notSendable(call, error, clone));
    this.#dispatch();
  }

  ready(lane: Lane): void {
    this.#crew.distribute();
    this.#crew.rest(lane);
  }

  ended(lane: Lane, call: Call, status: Status, payload: unknown, ran: number, now: number): void {
    this.#crew.learn(ran);
    (call.options as RelayOptions).ran?.(ran);
    this.#backlog.ended(call);
    this.#terminations.disarm(call);
    this.#runTime.add(ran);
    this.#waitTime.add(Math.max(0, now - call.submittedAt - ran));
    if (call.isAbandoned) this.#counts.abandoned--;
    call.state = "over";
    this.#settle(lane, call, status, payload);
  }

  relieved(lane: Lane): void {
    this.#crew.rest(lane);
    if (this.#backlog.size > 0 || this.#room.taken > 0) this.#dispatchNow();
  }

  said(lane: Lane, message: Message): void {
    if (message[0] === REQUEST) answer(lane, message, this.name);
    else if (message[0] === DROP) lane.asked.get(message[1])?.cancel();
  }

  died(lane: Lane, how: Death): void {
    this.#crew.gone(lane);
    if (!lane.wasEnded) this.#counts.died++;
    // Nobody is there any more for the answers.
    for (const asked of lane.asked.values()) asked.cancel();
    const error = diedOf(lane.wasReady ? "WORKER_DIED" : "WORKER_NOT_STARTED", lane.carrier.label, how);
    const held = lane.takeAll();
    const isInnocent = held.some((call) => lane.hasBegun(call));
    // The last one first, so that the first one is the next again.
    for (const call of held.toReversed()) {
      // A worker that dies before it begins anything may die of what the next work needs: of the import of its module.
      if (!isInnocent && call.declaration === held[0]!.declaration) call.deaths++;
      if (lane.hasBegun(call) || call.isHandedOver || call.deaths >= MOST_DEATHS) this.#lost(call, error);
      else this.#backlog.putBack(call);
    }
    if (held.length === 0 && lane.wasReady && how.error !== undefined) tellDeath(how, lane, this.#plan);
    if (!lane.wasReady && this.#crew.lanes.length === 0) this.#failAll(error);
    if (this.#room.taken > 0) this.#dispatch();
    this.#onChange?.();
  }

  /** Its worker is gone with it. */
  #lost(call: Call, error: Error): void {
    this.#backlog.ended(call);
    const wasTerminated = this.#terminations.disarm(call);
    const { cause } = call.scope;
    if (call.isAbandoned) {
      this.#counts.abandoned--;
      this.#over(call);
      lateFailure(error, call, this.#plan);
    } else if (wasTerminated && cause !== undefined) {
      this.#counts.cancelled++;
      this.#over(call);
      call.cancel(cause);
    } else {
      this.#counts.failed++;
      this.#over(call);
      call.fail(error);
    }
  }

  #settle(lane: Lane, call: Call, status: Status, payload: unknown): void {
    if (status === SUCCEEDED) {
      this.#counts.succeeded++;
      this.#over(call);
      if (!call.isAbandoned) call.succeed(payload);
      return;
    }
    // Reads the clock: a deadline that the work has found first has passed here as well.
    const cause = call.scope.interruption;
    if (status === CANCELLED && (cause !== undefined || call.isAbandoned)) {
      this.#counts.cancelled++;
      this.#over(call);
      if (!call.isAbandoned) call.cancel(cause!);
      return;
    }
    const fail = (error: unknown): void => {
      this.#counts.failed++;
      this.#over(call);
      if (call.isAbandoned) lateFailure(error, call, this.#plan);
      else call.fail(error);
    };
    if (status === DIED) this.#counts.died++;
    const error = this.#isHere ? payload : this.#decode(payload, lane.carrier.label);
    // A class is being loaded.
    if (!this.#isHere && error instanceof Promise) void error.then(fail, fail);
    else fail(error);
  }
}

/** So many workers may die with a call that they had not begun. */
const MOST_DEATHS = 3;
