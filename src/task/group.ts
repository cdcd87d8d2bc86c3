/**
 * The engine of a task group: who runs, who waits for room, what failed, when all is over.
 *
 *   open ── body ended ──▶ draining ── no foreground task ──▶ ending ── no daemon ──▶ drained
 *
 * Invariants
 *   1. `#foreground` counts the tasks that the group waits for, `#daemons` those that it cancels in the end,
 *      `#handling` the failures that `onError` still works on. Drained: the body has ended and all are 0.
 *   2. `#running` counts the tasks whose function was called, or for which a place is reserved. It never
 *      exceeds `#limit`; places that come free go to the queue, first come, first served.
 *   3. The first failure cancels the group. Every failure is in `#failures`, or was given to `onError`.
 *   4. While the group is ending its daemons are cancelled, also those that are spawned then.
 *   5. A task in `#starting` belongs to its caller: its failure is no failure of the group (G15).
 */
import { CancelledError } from "../errors/cancelled.ts";
import { TaskGroupError } from "../errors/group.ts";
import { distinct, firstOf } from "../errors/suppressed.ts";
import type { Clock } from "../ports/clock.ts";
import type { ObservedWait } from "../ports/probe.ts";
import type { Label, ScopeNode } from "../scope/node.ts";
import { recognise } from "../scope/recognise.ts";
import { scheduler } from "../scope/schedule.ts";
import type { GroupOptions, Outcome, Scope, SpawnOptions, Task, TaskFunction, TaskGroup } from "./capabilities.ts";
import { cleanUp, closeChildren, disown, first, isBusy, isDeep, nested, outerCancellation, surface } from "./enclose.ts";
import { type Face, nodeOf, requireFunction } from "./face.ts";
import { labelOf } from "./label.ts";
import { scopeEnded, unawaited } from "./misuse.ts";
import { OpenedScope } from "./opened-scope.ts";
import { callTask, dismissTask, type Keeper, TaskNode } from "./task-node.ts";

type AnyTask = TaskNode<unknown>;

/** A task that waits for a place, as the queue sees it. */
interface Queued extends ObservedWait {
  isOver: boolean;
  hasPlace: boolean;
  open: () => void;
}

const QUEUE_SLACK = 64;

/** Who takes, or passes on, the room that comes free. */
export interface RoomTaker {
  take(): void;
}

export class Group extends OpenedScope implements Keeper {
  readonly #scopeOf: (node: ScopeNode) => Scope;
  /** Isolates the tasks: gets what fails in them. */
  readonly onError: GroupOptions["onError"];
  readonly #limit: number;
  readonly #failures: unknown[] = [];
  #bodyFailure: readonly [] | readonly [unknown] = [];
  /** How many had failed before the body. */
  #failedBeforeBody = 0;
  #bodyRunning = true;
  #foreground = 0;
  #daemons = 0;
  #handling = 0;
  #running = 0;
  /** The tasks that wait for a place, and at most as many, with some slack, that no longer do. */
  #queue: Queued[] | undefined;
  #queueFront = 0;
  #queuePassed = 0;
  /** Those that have a place and have not begun: while interleavings are explored only. */
  #granted: (() => void)[] | undefined;
  /** The tasks that have not called `started()`, each with what tells their callers of their end. */
  #starting: Map<AnyTask, (outcome: Outcome<unknown>) => void> | undefined;
  #interruption: CancelledError | undefined;
  /** Told of each place that comes free and that nobody in the queue takes. */
  onRoom: RoomTaker | undefined = undefined;
  #onDrained: (() => void) | undefined;

  constructor(parent: ScopeNode, label: Label, clock: Clock, options: GroupOptions, scopeOf: (node: ScopeNode) => Scope) {
    super("taskGroup", parent, label, clock);
    this.#scopeOf = scopeOf;
    this.onError = options.onError;
    this.#limit = options.concurrency ?? Infinity;
  }

  get size(): number {
    return this.#foreground + this.#daemons;
  }

  /** How many more functions would be called at once. */
  get room(): number {
    return this.#limit - this.#running;
  }

  /** What failed, in the order of failure; the body's own last, or where it happened (`inTime`). */
  failures(inTime: boolean): unknown[] {
    const tasks = this.#failures;
    // What the body got from a join and let pass is the task's failure.
    const body = this.#bodyFailure.filter((failure) => !tasks.includes(failure));
    return distinct(tasks.toSpliced(inTime ? this.#failedBeforeBody : tasks.length, 0, ...body));
  }

  /** The cancellation of a scope further out that interrupted a task (G11). */
  get interruptionOfTasks(): CancelledError | undefined {
    return this.#interruption;
  }

  /** The tasks that have not ended; those that obey a caller last. */
  get tasks(): AnyTask[] {
    const own = this.children().filter((child): child is AnyTask => child instanceof TaskNode && child.keeper === this);
    const elsewhere = [...(this.#starting?.keys() ?? [])].filter((task) => task.parent !== this);
    return [...own, ...elsewhere];
  }

  /** Nothing of the group itself runs any more; for dumps and for tests. */
  get awaitsTasks(): boolean {
    return !this.#bodyRunning && this.#handling === 0;
  }

  spawn<T>(fn: TaskFunction<T>, options: SpawnOptions | undefined, call: string): Task<T> {
    requireFunction(fn, call, "the task");
    if (this.ended) throw scopeEnded(this, call);
    const task = new TaskNode<T>(this, labelOf(options, fn), this, options?.daemon === true);
    if (task.daemon) this.#daemons++;
    else this.#foreground++;
    // Cancelled before it is called, as in a group that was cancelled (G12, G14).
    if (task.daemon && this.#isEnding) task.cancelWith(new CancelledError("ended", this.name));
    this.admit(task, fn);
    return task;
  }

  /** Counts a task that obeys its caller until `adopt`; `onEnd` is called if it ends before. */
  expect(task: AnyTask, onEnd: (outcome: Outcome<unknown>) => void): void {
    this.#foreground++;
    (this.#starting ??= new Map()).set(task, onEnd);
  }

  /** A started task becomes the group's own. */
  adopt(task: AnyTask): void {
    this.#starting?.delete(task);
    if (task.parent !== this) task.moveTo(this);
    if (!task.daemon) return;
    this.#foreground--;
    this.#daemons++;
    this.#advance();
  }

  /** Calls the task's function, now or when there is room. */
  admit<T>(task: TaskNode<T>, fn: TaskFunction<T>): void {
    if (this.room <= 0) return this.#enqueue(task, fn);
    this.#running++;
    this.#call(task, fn);
  }

  taskEnded(task: AnyTask): void {
    if (task.isCalled) this.#running--;
    const onEnd = this.#starting?.get(task);
    if (onEnd !== undefined) {
      this.#starting!.delete(task);
      this.#foreground--;
      onEnd(task.outcome!);
    } else {
      if (task.daemon) this.#daemons--;
      else this.#foreground--;
      const outcome = task.outcome!;
      if (outcome.status === "failed") this.#taskFailed(outcome.error, task);
      else if (outcome.status === "cancelled") this.#noteInterruption(outcome.reason);
    }
    if (this.#queue !== undefined || this.onRoom !== undefined) this.#fillPlaces();
    this.#advance();
  }

  bodyReturned(): void {
    const forgotten = this.#disownBodys();
    if (forgotten.length > 0) this.#bodyFailed(unawaited(this, forgotten));
    this.#bodyEnded();
  }

  /** Gives the cancellation, if that is what ended the body. */
  bodyThrew(error: unknown): CancelledError | undefined {
    const { cancellation, failures } = recognise(error, this);
    this.#disownBodys();
    if (failures.length > 0) this.#bodyFailed(firstOf(failures));
    this.#bodyEnded();
    return cancellation;
  }

  /** Adds what failed on the way from the last task's end to the scope's. */
  addFailures(failures: readonly unknown[]): void {
    this.#failures.push(...failures);
  }

  /** Resolves when the body and all tasks have ended. */
  drained(): Promise<void> | undefined {
    if (this.#isEnding && this.#daemons === 0) return undefined;
    return new Promise((resolve) => (this.#onDrained = resolve));
  }

  get #isEnding(): boolean {
    return !this.#bodyRunning && this.#foreground + this.#handling === 0;
  }

  #call<T>(task: TaskNode<T>, fn: TaskFunction<T>): void {
    const rare = (this.rare ??= {});
    const wasCalling = rare.isCallingTask === true;
    rare.isCallingTask = true;
    callTask(task, fn, this.#scopeOf(task));
    rare.isCallingTask = wasCalling;
  }

  #enqueue<T>(task: TaskNode<T>, fn: TaskFunction<T>): void {
    const cause = task.interruption;
    if (cause !== undefined) return dismissTask(task, cause);
    const queued: Queued = { label: "place", scope: task, isOver: false, hasPlace: false, open: () => {} };
    (this.#queue ??= []).push(queued);
    const handlers = ((task.rare ??= {}).handlers ??= new Set());
    const onCancel = {
      call: (reason: CancelledError): void => {
        queued.isOver = true;
        if (queued.hasPlace) this.#running--;
        else this.#passed();
        dismissTask(task, reason);
      },
    };
    handlers.add(onCancel);
    // A promise of the spawner's: the task is called in the spawner's async context, not in that of whoever
    // made room.
    void new Promise<void>((open) => (queued.open = open)).then(() => {
      // Reads the clock: a deadline that has passed unseen dismisses the task here.
      if (queued.isOver || task.interruption !== undefined) return;
      handlers.delete(onCancel);
      this.#passed();
      this.#call(task, fn);
    });
  }

  #fillPlaces(): void {
    const queue = this.#queue ?? [];
    while (this.#queueFront < queue.length) {
      if (this.room <= 0) return;
      const queued = queue[this.#queueFront++]!;
      if (queued.isOver) continue;
      queued.hasPlace = true;
      this.#running++;
      if (scheduler === undefined) queued.open();
      else {
        // Which task's turn it is may be decided otherwise, not which of two queued ones begins first.
        const granted = (this.#granted ??= []);
        granted.push(queued.open);
        scheduler.ready(queued, () => granted.shift()!());
      }
    }
    this.#queue = undefined;
    this.#queueFront = this.#queuePassed = 0;
    if (this.onRoom !== undefined && this.room > 0) this.onRoom.take();
  }

  /** One of the queue waits no more. Those are let go when they are the larger part: a backlog may last for ever (G20). */
  #passed(): void {
    const queue = this.#queue;
    if (queue === undefined || ++this.#queuePassed < QUEUE_SLACK || 2 * this.#queuePassed < queue.length) return;
    this.#queue = queue.filter(({ isOver, hasPlace }) => !isOver && !hasPlace);
    this.#queueFront = this.#queuePassed = 0;
  }

  #taskFailed(error: unknown, task: AnyTask): void {
    if (this.onError === undefined) return this.#fail(error, task.name);
    this.#handling++;
    const handled = (): void => {
      this.#handling--;
      this.#advance();
    };
    let answer: unknown;
    try {
      answer = this.onError(error, task);
      if (typeof (answer as PromiseLike<unknown> | undefined | null)?.then !== "function") return void this.#handling--;
    } catch (failure) {
      this.#handling--;
      return this.#fail(failure, task.name);
    }
    Promise.resolve(answer).then(handled, (failure: unknown) => {
      this.#fail(failure, task.name);
      handled();
    });
  }

  #fail(error: unknown, by: string): void {
    this.#failures.push(error);
    this.cancelWith(new CancelledError("sibling", by, error));
  }

  #bodyFailed(error: unknown): void {
    this.#bodyFailure = [error];
    this.#failedBeforeBody = this.#failures.length;
    this.cancelWith(new CancelledError("sibling", this.name, error));
  }

  #disownBodys(): ScopeNode[] {
    if (this.rare?.scopes === undefined) return [];
    return disown(this, this.#failures, (child) => child instanceof OpenedScope && !child.isOpenedByTask);
  }

  #bodyEnded(): void {
    this.#bodyRunning = false;
    this.#advance();
  }

  #noteInterruption(reason: CancelledError): void {
    if (this.#interruption !== undefined) return;
    // Nobody waits for a group that was disowned (G16): what its tasks did not finish is no result.
    if (reason === this.cause && reason.source === "ended") this.#interruption = reason;
    if (reason === this.cause && reason !== this.parent?.cause) return;
    let at = this.parent;
    while (at !== undefined && at.cause !== reason) at = at.parent;
    if (at !== undefined) this.#interruption = reason;
  }

  /** Goes on towards the end as far as the counts allow. */
  #advance(): void {
    if (!this.#isEnding) return;
    if (this.#daemons === 0) return this.#onDrained?.();
    const cause = new CancelledError("ended", this.name);
    for (const task of this.tasks) task.cancelWith(cause);
  }
}

/** The engine behind what a user holds of a group: every TaskGroup there is is a face, which its type does not tell. */
export function engineOf(face: TaskGroup): Group {
  return nodeOf(face as unknown as Face) as Group;
}

/** Whether the call of the group will throw, as far as its tasks and its body are concerned. */
export function isSpoiled(face: TaskGroup): boolean {
  const group = engineOf(face);
  return group.failures(true).length > 0 || group.interruptionOfTasks !== undefined;
}

/** Runs `body` as the body of `group`, to the end of the group; what it returned goes through `give`. */
export async function runGroup<T, R>(group: Group, body: () => T | PromiseLike<T>, errors: GroupOptions["errors"], give: (value: T) => R): Promise<R> {
  let value: T | undefined;
  let cancellation: CancelledError | undefined;
  let returned = false;
  try {
    if (isDeep()) await Promise.resolve();
    value = await nested(body);
    returned = true;
    group.bodyReturned();
  } catch (error) {
    cancellation = group.bodyThrew(error);
  }
  // Whoever learns of the end of the last task may spawn another one: ask again.
  for (let drained = group.drained(); drained !== undefined || group.first !== undefined; drained = group.drained()) {
    if (drained === undefined) group.addFailures(await closeChildren(group, returned));
    else await drained;
  }
  if (isBusy(group)) group.addFailures(await cleanUp(group));
  else group.finish();
  const failures = group.failures(errors === "first");
  if (failures.length > 0) {
    const failure = errors === "first" ? first(group, failures) : new TaskGroupError(failures);
    group.leave("failed", failure);
    throw surface(group, failure);
  }
  cancellation ??= group.interruptionOfTasks;
  group.leave(cancellation === undefined ? "succeeded" : "cancelled");
  if (cancellation !== undefined) throw outerCancellation(group, cancellation) ?? surface(group, cancellation);
  return give(value as T);
}
