/**
 * Something that waits, under random calls beside a model of it: what each call comes to must be what the model says.
 *
 * Each call is a task of its own, and ends in a word. The model says the same word, in its own time: not before the call is
 * made, and by the end of the turn. `MODEL_SEED=4711` runs one seed again.
 */
import assert from "node:assert/strict";
import { test } from "node:test";
import { inspect } from "node:util";
import { CancelledError, type Scope, type Task, taskGroup, type TaskGroup } from "espalier";
import { testClock, type TestClock } from "espalier/testing";
import { programs, variable } from "../runtimes/runtime.ts";
import { Random } from "./random.ts";

/** A call, to the model: what it came to, undefined while it waits. */
export interface Call {
  came: string | undefined;
  /** What becomes of it where it waits and is cancelled; by default that is what it came to. */
  cancelled?(): void;
}

/** Those of them that still wait, in the order in which they came. */
export const waiting = <C extends Call>(line: readonly C[]): C[] => line.filter(({ came }) => came === undefined);

/** What the promise came to, in a word: a code where it failed with one. */
export async function word(scope: Scope, settling: () => PromiseLike<string>): Promise<string> {
  try {
    return await settling();
  } catch (error) {
    if (error instanceof CancelledError && scope.cancelled) return "cancelled";
    return codeOf(error);
  }
}

/** The code of an error that has one; any other is thrown again. */
export function codeOf(error: unknown): string {
  const { code } = error as { readonly code?: unknown };
  if (typeof code === "string" && !(error instanceof assert.AssertionError)) return code;
  throw error;
}

/** What a call that does not wait came to. */
export function wordOf(call: () => string): string {
  try {
    return call();
  } catch (error) {
    return codeOf(error);
  }
}

function cancelled(call: Call): void {
  if (call.came !== undefined) return;
  if (call.cancelled === undefined) call.came = "cancelled";
  else call.cancelled();
}

export class Beside {
  readonly random: Random;
  readonly group: TaskGroup;
  readonly clock: TestClock;
  readonly #calls: { readonly call: Call; readonly task: Task<string>; readonly scope: Scope; readonly what: string }[] = [];
  readonly #log: string[] = [];
  /** So many calls were made before this turn. */
  #earlier = 0;

  constructor(random: Random, group: TaskGroup, clock: TestClock) {
    this.random = random;
    this.group = group;
    this.clock = clock;
  }

  /** Writes down what is done, for the error of a seed that fails. */
  note(what: string): void {
    this.#log.push(what);
  }

  /** What was done so far. */
  told(): string {
    return this.#log.join("\n");
  }

  /** Makes a call. The model has heard of it by now. */
  make(what: string, call: Call, body: (scope: Scope) => PromiseLike<string>): void {
    this.note(`${this.#calls.length}: ${what}`);
    let own!: Scope;
    const task = this.group.spawn((scope) => word((own = scope), () => body(scope)));
    this.#calls.push({ call, what, task, scope: own });
  }

  /** What a call that does not wait gives, and the model says. */
  same(what: string, real: unknown, model: unknown): void {
    this.note(`${what}: ${inspect(real)}`);
    assert.deepEqual(real, model, `the model says ${inspect(model)}\n\n${this.told()}`);
  }

  /**
   * Cancels one of those who wait, or did until a call of this turn: those have what they were handed. (Who had to wait for
   * nothing may have to give it back, if the turn is a long one: see `claim`.) `meanwhile` happens when it is cancelled, and
   * still stands where it waits.
   */
  cancel(meanwhile?: () => void): void {
    const able = this.#calls.filter(({ task, call }, n) => task.outcome === undefined && (n < this.#earlier || call.came === undefined));
    if (able.length === 0) return;
    const one = this.random.pick(able);
    this.note(`cancel ${this.#calls.indexOf(one)}`);
    cancelled(one.call);
    if (meanwhile !== undefined) one.scope.signal.addEventListener("abort", meanwhile, { once: true });
    one.task.cancel();
  }

  /** Until all wait, and so much time has passed; then all must have come to what the model says. */
  async settle(ms = 0): Promise<void> {
    await this.clock.advance(ms);
    this.group.throwIfCancelled();
    this.note(`… ${this.clock.now()}`);
    for (const [n, { task, call, what }] of this.#calls.entries()) {
      const { outcome } = task;
      const real = outcome?.status === "succeeded" ? outcome.value : outcome?.status;
      if (real !== call.came) assert.equal(real, call.came, `${n}: ${what}\n\n${this.told()}`);
    }
    this.#earlier = this.#calls.length;
  }

  /** Cancels all who still wait. */
  cancelAll(): void {
    for (const { task, call } of this.#calls) {
      cancelled(call);
      task.cancel();
    }
  }
}

/** A test that runs `drive` with each of so many seeds, on a clock that only the driver moves. */
export function besideModel(title: string, seeds: number, drive: (beside: Beside) => Promise<void>): void {
  test(title, async (t) => {
    const one = variable("MODEL_SEED");
    const list = one === undefined ? Array.from({ length: programs(seeds) }, (_, n) => n + 1) : [Number(one)];
    t.diagnostic(`seeds ${list[0]} to ${list.at(-1)}`);
    for (const seed of list) {
      await drivenFrom(seed, drive).catch((error: unknown) => {
        throw new Error(`MODEL_SEED=${seed} shows it again`, { cause: error });
      });
    }
  });
}

/** A finding is told at once: what it left behind may never end. */
function drivenFrom(seed: number, drive: (beside: Beside) => Promise<void>): Promise<void> {
  const clock = testClock({ autojump: false });
  return new Promise((resolve, reject) => {
    const all = taskGroup(
      async (group) => {
        await drive(new Beside(new Random(seed), group, clock)).catch(reject);
        group.cancel();
      },
      { clock },
    );
    all.then(resolve, reject);
  });
}
