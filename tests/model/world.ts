/**
 * What a running program has in its hands: the scopes, tasks and promises by their names, and the ways in which
 * its functions are called and its calls are made, each leaving its entries in the trace.
 */
import { type CancelScope, failAfter, type GroupOptions, moveOnAfter, type Scope, suppressed, type Task, taskGroup, type TaskGroup } from "espalier";
import { attempt, resume } from "./attempt.ts";
import { combine } from "./combine.ts";
import type { MeteredClock } from "./metered-clock.ts";
import { type Block, isCombination, type Name, type Opening, type Reporter, type Step } from "./program.ts";
import type { Result, Trace, WaitStep } from "./trace.ts";
import type { Watch } from "./watch.ts";

/** The error of a step. */
export class Planned extends Error {
  override readonly name = "Planned";
}

/** A function of the program that is running. */
export interface Frame {
  readonly name: Name;
  readonly scope: Scope;
  readonly started?: ((value: unknown) => void) | undefined;
}

/** A promise that is settled from outside. */
export class Pledge {
  readonly promise: Promise<unknown>;
  fulfil!: (value: unknown) => void;
  reject!: (error: unknown) => void;

  constructor() {
    this.promise = new Promise((fulfil, reject) => Object.assign(this, { fulfil, reject }));
    // It is nobody's loss when the program came too late to wait for it.
    this.promise.catch(() => {});
  }
}

interface RootSignal {
  readonly signal?: AbortSignal;
}

export type PerformStep = (step: Step, frame: Frame, world: World) => unknown;

export class World {
  readonly clock: MeteredClock;
  readonly trace: Trace;
  readonly signal: AbortController = new AbortController();
  readonly scopes: Map<Name, Scope> = new Map();
  readonly tasks: Map<Name, Task<unknown>> = new Map();
  readonly #promises = new Map<Name, Pledge>();
  /** Calls that nobody awaits, and whose they are: asked for their results when all is over. */
  readonly forgotten: Map<Promise<unknown>, Name> = new Map();
  /** What a `try` kept last. */
  kept: readonly unknown[] = [];
  readonly watch: Watch;
  readonly #perform: PerformStep;

  constructor(clock: MeteredClock, trace: Trace, watch: Watch, perform: PerformStep) {
    this.clock = clock;
    this.trace = trace;
    this.watch = watch;
    this.#perform = perform;
  }

  planned(name: Name): Planned {
    return new Planned(name);
  }

  /** Synchronous as long as its steps are. */
  block(block: Block, frame: Frame, from = 0): unknown {
    for (let next = from; next < block.length; ) {
      const result = this.#perform(block[next++]!, frame, this);
      if (result instanceof Promise) return result.then(() => this.block(block, frame, next));
    }
    return undefined;
  }

  /** Calls the function of a scope, task or cleanup. */
  call(body: Block, frame: Frame): unknown {
    const { name, scope } = frame;
    this.trace.add({ is: "entered", scope: name });
    this.scopes.set(name, scope);
    this.watch.scope(name, scope);
    const run = (): unknown => {
      const done = this.block(body, frame);
      return done instanceof Promise ? done.then(() => `value of ${name}`) : `value of ${name}`;
    };
    return attempt(run, (result) => {
      this.trace.add({ is: "left", scope: name, result });
      return resume(result);
    });
  }

  /** Opens a scope below `parent`, or as the root, in the function of `by`. */
  open(opening: Opening, parent: Frame | undefined, by: Frame | undefined = parent, root: RootSignal = {}): Promise<unknown> {
    const { name } = opening;
    const { metered: clock } = this.clock;
    this.trace.add({ is: "opened", scope: name, parent: parent?.name, by: by?.name });
    if (isCombination(opening)) return combine(opening, parent!.scope, this);
    const run = (scope: Scope | CancelScope | TaskGroup): unknown => this.call(opening.body, { name, scope });
    if (opening.kind === "group") {
      const { errors, concurrency, onError } = opening;
      const options: GroupOptions = { name, errors, concurrency, onError: onError === undefined ? undefined : this.#reporter(name, onError) };
      return parent === undefined ? taskGroup(run, { ...options, ...root, clock }) : parent.scope.group(run, options);
    }
    const { kind, ms } = opening;
    const fallback = `fallback of ${name}`;
    if (kind === "shield") return parent!.scope.shield(run, ms === Infinity ? { name } : { name, timeout: ms });
    if (kind === "failAfter") return parent === undefined ? failAfter(ms, run, { name, ...root, clock }) : parent.scope.failAfter(ms, run, { name });
    return parent === undefined ? moveOnAfter(ms, run, { name, fallback, ...root, clock }) : parent.scope.moveOnAfter(ms, run, { name, fallback });
  }

  /** The same, awaited: what it gives is in the trace before the program goes on with it. */
  opened(opening: Opening, parent: Frame | undefined, by: Frame | undefined = parent, root: RootSignal = {}): Promise<unknown> {
    return this.settling(opening.name, this.open(opening, parent, by, root));
  }

  settling(scope: Name, call: Promise<unknown>): Promise<unknown> {
    return attempt(
      () => call,
      (result) => {
        this.settled(scope, result);
        return resume(result);
      },
    ) as Promise<unknown>;
  }

  settled(scope: Name, result: Result): void {
    this.trace.add({ is: "settled", scope, result, attached: result.ok ? [] : suppressed(result.error) });
  }

  /** Waits in a scope. */
  wait(step: WaitStep, { name: scope }: Frame, begin: () => Promise<unknown>): Promise<unknown> {
    const { seq: wait } = this.trace.add({ is: "waiting", step, scope });
    return attempt(begin, (result) => {
      this.trace.add({ is: "woke", wait, result });
      return resume(result);
    }) as Promise<unknown>;
  }

  /** The frame of the scope that a step names, as far as it is there. */
  frame(name: Name | undefined, frame: Frame): Frame {
    const scope = name === undefined ? undefined : this.scopes.get(name);
    return scope === undefined ? frame : { name: name!, scope };
  }

  task(name: Name, task: Task<unknown>): void {
    this.tasks.set(name, task);
    this.watch.task(name, task);
  }

  pledge(name: Name): Pledge {
    let pledge = this.#promises.get(name);
    if (pledge === undefined) this.#promises.set(name, (pledge = new Pledge()));
    return pledge;
  }

  /** What a handler of the program's does: takes its time, and fails if it is to. */
  handle({ ms, error }: Reporter): unknown {
    const end = (): void => {
      if (error !== undefined) throw this.planned(error);
    };
    return ms === 0 ? end() : this.clock.after(ms).then(end);
  }

  #reporter(group: Name, reporter: Reporter): (failure: unknown, task: Task<unknown>) => unknown {
    return (failure, task) => {
      this.trace.add({ is: "reported", group, task: task.name, error: failure });
      return attempt(
        () => this.handle(reporter),
        (result) => {
          this.trace.add({ is: "handled", group, task: task.name, result });
          return resume(result);
        },
      );
    };
  }
}
