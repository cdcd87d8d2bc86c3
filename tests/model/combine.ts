/** How a combinator is called: with the functions of the program, its `discard`, or the source of a `map`. */
import type { Scope } from "espalier";
import { attempt, resume } from "./attempt.ts";
import type { MeteredClock } from "./metered-clock.ts";
import type { Block, Branch, Combination, Name, Reporter } from "./program.ts";
import type { Trace } from "./trace.ts";
import type { Watch } from "./watch.ts";

/** What it needs of the world. */
interface Surroundings {
  readonly clock: MeteredClock;
  readonly trace: Trace;
  readonly watch: Watch;
  call(body: Block, frame: { readonly name: Name; readonly scope: Scope }): unknown;
  handle(reporter: Reporter): unknown;
  planned(error: Name): Error;
}

type Run = (scope: Scope) => unknown;

export function combine(call: Combination, scope: Scope, world: Surroundings): Promise<unknown> {
  const { kind, branches } = call;
  if (kind === "map") return scope.map(itemsOf(call, world), (item, own) => runItem(item, own, world), { concurrency: call.concurrency });
  const functions = branches.map(({ name, body }) => named(name, (own) => world.call(body, { name, scope: own })));
  if (kind === "all" || kind === "allSettled") return scope[kind](functions);
  return scope[kind](functions, { discard: discardOf(call, world) });
}

/** A task is called like its function. */
function named(name: Name, run: Run): Run {
  return { [name]: (scope: Scope) => run(scope) }[name]!;
}

function runItem({ name, body }: Branch, scope: Scope, world: Surroundings): unknown {
  world.watch.nameless(name, scope);
  return world.call(body, { name, scope });
}

function discardOf({ name: call, discard }: Combination, world: Surroundings): ((value: unknown) => unknown) | undefined {
  if (discard === undefined) return undefined;
  return (value) => {
    const { seq: discarding } = world.trace.add({ is: "discarding", call, value });
    return attempt(
      () => world.handle(discard),
      (result) => {
        world.trace.add({ is: "discarded", discarding, call, result });
        return resume(result);
      },
    );
  };
}

function itemsOf(call: Combination, world: Surroundings): Iterable<Branch> | AsyncIterable<Branch> {
  const source = new Asked(call, world);
  if (call.source?.ms === undefined) return { [Symbol.iterator]: () => ({ next: () => source.next() as Item, return: () => source.close() }) };
  return { [Symbol.asyncIterator]: () => ({ next: async () => source.next() as Item, return: async () => source.close() }) };
}

type Item = IteratorResult<Branch>;

/** Gives the branches one after the other, and writes down what it is asked and what it answers. */
class Asked {
  readonly #call: Combination;
  readonly #world: Surroundings;
  #given = 0;
  #stop = (): void => {};

  constructor(call: Combination, world: Surroundings) {
    this.#call = call;
    this.#world = world;
  }

  next(): unknown {
    const { trace } = this.#world;
    const { name: call, source } = this.#call;
    const { seq: asked } = trace.add({ is: "asked", call });
    return attempt(
      () => (source?.ms === undefined ? this.#answer() : this.#after(source.ms).then(() => this.#answer())),
      (result) => {
        const told = result.ok ? { ok: true, value: (result.value as Item).value?.name } as const : result;
        trace.add({ is: "answered", asked, call, result: told });
        return resume(result);
      },
    );
  }

  /** One that is closed while it is asked never answers. */
  close(): Item {
    this.#stop();
    this.#world.trace.add({ is: "closed", call: this.#call.name });
    return { done: true, value: undefined };
  }

  #answer(): Item {
    const { branches, source } = this.#call;
    const value = branches[this.#given++];
    if (value !== undefined) return { done: false, value };
    if (source?.error !== undefined) throw this.#world.planned(source.error);
    return { done: true, value };
  }

  #after(ms: number): Promise<void> {
    const { clock } = this.#world;
    if (ms === 0) return Promise.resolve();
    return new Promise((resolve) => (this.#stop = clock.plan(clock.now() + ms, resolve)));
  }
}
