/** The works that the suite runs, and what else their module exports. */
import { existsSync, writeFileSync } from "node:fs";
import { threadId } from "node:worker_threads";
import { sleep, sleepForever, TaskGroupError, taskGroup } from "espalier";
import { callback, type Caller, perWorker, work } from "espalier/executor";
import { collectGarbage } from "../runtimes/runtime.ts";

export class Broken extends Error {
  override readonly name = "Broken";
  readonly code = "BROKEN";
  readonly details: unknown;
  constructor(message: string, details?: unknown, options?: ErrorOptions) {
    super(message, options);
    this.details = details;
  }
}

/** A class that nobody else can have: it is not exported. */
class Hidden extends Broken {}

// What comes back.

export const echo = work(import.meta, "echo", (input: unknown) => input);
export const add = work(import.meta, "add", ({ a, b }: { a: number; b: number }) => a + b);
export const later = work(import.meta, "later", async (text: string) => Promise.resolve(text.toUpperCase()));
export const nothing = work(import.meta, "nothing", () => {});
export const place = work(import.meta, "place", () => `${process.pid}/${threadId}`);
export const uncloneable = work(import.meta, "uncloneable", (name: string) => ({ fine: 1, list: [{ [name]: () => {} }] }));

export const fails = work(import.meta, "fails", (how: "whole" | "hidden" | "aggregate" | "group" | "text" | "nothing" | "later" | "function") => {
  const inner = new RangeError("inner");
  if (how === "whole") throw new Broken("outer", { tries: 3, at: new Date(5) }, { cause: inner });
  if (how === "hidden") throw new Hidden("hidden", 7);
  if (how === "aggregate") throw new AggregateError([inner, new Broken("second")], "both");
  if (how === "group") throw new TaskGroupError([new TaskGroupError([inner], "below"), new Broken("second")], "above");
  if (how === "text") throw "only text";
  if (how === "nothing") throw undefined;
  if (how === "function") throw { handler() {} };
  return Promise.reject(new Broken("late"));
});

/** Two exports that are not what a worker may run. */
export const plain = (): string => "plain";
export const alias = echo;

// What is handed over, and what is shared.

export const sum = work(import.meta, "sum", (numbers: Float64Array) => numbers.reduce((total, number) => total + number, 0));
export const fill = work(import.meta, "fill", ({ length, by }: { length: number; by: number }, scope) => {
  const numbers = new Float64Array(length).fill(by);
  scope.caller.transfer(numbers.buffer);
  return numbers;
});
export const increment = work(import.meta, "increment", (memory: SharedArrayBuffer) => Atomics.add(new Int32Array(memory), 0, 1));

// What waits, and what does not listen. `path` is a file that says that it has begun; `until` one that ends it.

const turn = (): Promise<void> => new Promise((resolve) => void setImmediate(resolve));
const mark = (path: string | undefined): void => {
  if (path !== undefined) writeFileSync(path, "");
};

export const sleeps = work(import.meta, "sleeps", async (ms: number, scope) => {
  await sleep(ms, scope);
  return ms;
});
export const forever = work(import.meta, "forever", async (path: string | undefined, scope) => {
  mark(path);
  await sleepForever(scope);
});
export const cleansUp = work(import.meta, "cleansUp", async ({ path, cleaned, error }: { path: string; cleaned: string; error?: string }, scope) => {
  mark(path);
  try {
    await sleepForever(scope);
  } catch (cancelled) {
    await scope.shield((own) => sleep(1, own));
    mark(cleaned);
    throw error === undefined ? cancelled : new Broken(error);
  }
});
/** Deaf: it does not look at its scope. */
export const deaf = work(import.meta, "deaf", async ({ path, until, then }: { path?: string; until: string; then?: string }) => {
  mark(path);
  while (!existsSync(until)) await turn();
  if (then !== undefined) throw new Broken(then);
  return "done";
});
export const where = work(import.meta, "where", async ({ path, until }: { path: string; until: string }) => {
  mark(path);
  while (!existsSync(until)) await turn();
  return `${process.pid}/${threadId}`;
});
/** As deaf as can be: nothing else runs in its worker. */
export const stuck = work(import.meta, "stuck", (path: string): never => {
  mark(path);
  for (;;);
});
/** Quick without a path; with one as deaf as can be. */
export const stuckAt = work(import.meta, "stuckAt", (path: string | undefined): string => {
  if (path === undefined) return "quick";
  mark(path);
  for (;;);
});
export const spins = work(import.meta, "spins", (path: string, scope): never => {
  mark(path);
  for (;;) scope.throwIfCancelled();
});
export const spinsBelow = work(import.meta, "spinsBelow", (path: string, scope) =>
  scope.shield(() => scope.group((group) => group.failAfter(Infinity, (own): never => {
    mark(path);
    for (;;) own.throwIfCancelled();
  }))),
);
/** Looks at nothing, but ends. */
export const busyFor = work(import.meta, "busyFor", ({ path, ms }: { path?: string; ms: number }) => {
  mark(path);
  const over = performance.now() + ms;
  while (performance.now() < over);
});
/** How often it is told, though it does not want to know. */
export const stubborn = work(import.meta, "stubborn", async (path: string, scope) => {
  let told = 0;
  mark(path);
  for (let tries = 0; tries < 3; tries++) {
    try {
      await sleepForever(scope);
    } catch (error) {
      if (error === scope.reason) told++;
    }
  }
  return [told, scope.cancelled, scope.signal.aborted, scope.reason?.source, scope.reason?.reason];
});
export const looks = work(import.meta, "looks", (_: void, scope) => {
  scope.throwIfCancelled();
  return scope.cancelled;
});
export const timeLeft = work(import.meta, "timeLeft", (_: void, scope) => scope.deadline - scope.now());
/** Until it has been given more time. */
export const extended = work(import.meta, "extended", async (path: string, scope) => {
  const until = scope.deadline;
  mark(path);
  while (scope.deadline === until) {
    await turn();
    await scope.checkpoint();
  }
  return scope.deadline - until;
});
/** Until its own deadline has passed. */
export const outOfTime = work(import.meta, "outOfTime", (path: string, scope) => {
  mark(path);
  while (scope.now() < scope.deadline);
  scope.throwIfCancelled();
  return "not told";
});

// Scopes in the worker.

export const groups = work(import.meta, "groups", (numbers: readonly number[], scope) =>
  scope.group(async (group) => {
    const tasks = numbers.map((number) => group.spawn(async (own) => {
      await sleep(1, own);
      return number * number;
    }));
    return Promise.all(tasks.map((task) => task.join(group)));
  }),
);
export const groupFails = work(import.meta, "groupFails", (message: string, scope) =>
  scope.group(async (group) => {
    group.spawn(() => Promise.reject(new Broken(message)));
    await sleepForever(group);
  }),
);
export const forgets = work(import.meta, "forgets", (isAsync: boolean, scope): unknown => {
  void scope.failAfter(10_000, (own) => sleepForever(own));
  return isAsync ? Promise.resolve("returned") : "returned";
});
export const ownRoot = work(import.meta, "ownRoot", () => taskGroup(async (group) => group.spawn(() => "root").join(group)));

// The way back.

export const report = callback<number, string>(import.meta, "report");
export const other = callback<unknown, unknown>(import.meta, "other");

export const reports = work(import.meta, "reports", async (numbers: readonly number[], scope) => {
  const answers: string[] = [];
  for (const number of numbers) answers.push(await scope.caller.call(report, number));
  return answers;
});
export const reportsAtOnce = work(import.meta, "reportsAtOnce", (numbers: readonly number[], scope) => Promise.all(numbers.map((number) => scope.caller.call(report, number))));
export const reportsBlocking = work(import.meta, "reportsBlocking", (numbers: readonly number[], scope) => numbers.map((number) => scope.caller.callBlocking(report, number)));
export const asks = work(import.meta, "asks", (input: unknown, scope) => scope.caller.call(other, input));
/** Tells when it begins and when it ends, whatever happens. */
export const counted = work(import.meta, "counted", async (turns: number, scope) => {
  await scope.shield((own) => scope.caller.call(other, 1, own));
  try {
    for (let n = 0; n < turns; n++) {
      await turn();
      await scope.checkpoint();
    }
  } finally {
    await scope.shield((own) => scope.caller.call(other, -1, own));
  }
});
export const asksBlocking = work(import.meta, "asksBlocking", (input: unknown, scope) => scope.caller.callBlocking(other, input));
/** Quick without an input. */
export const quickOrAsks = work(import.meta, "quickOrAsks", (input: unknown, scope) => (input === undefined ? "quick" : scope.caller.callBlocking(other, input)));
export const asksFor = work(import.meta, "asksFor", async (ms: number, scope) => scope.moveOnAfter(ms, (own) => scope.caller.call(other, ms, own), { fallback: "moved on" }));
export const asksWithFunction = work(import.meta, "asksWithFunction", (_: void, scope) => scope.caller.call(other, { onDone: () => {} }));
export const asksAdd = work(import.meta, "asksAdd", (input: { a: number; b: number }, scope) => scope.caller.call(add, input));
/** Asks when it has been cancelled, and does not mind. */
export const asksLate = work(import.meta, "asksLate", async ({ path, until }: { path: string; until: string }, scope) => {
  mark(path);
  while (!existsSync(until)) await turn();
  try {
    return await scope.caller.call(other, "late");
  } catch (error) {
    return error === scope.reason ? "interrupted" : error;
  }
});
export const forgetsToAsk = work(import.meta, "forgetsToAsk", async (_: void, scope) => {
  void scope.caller.call(other, 1);
});

// Ends of workers.

/** Asks when `path` is there, and dies of `die` while nobody has answered. */
export const diesAsking = work(import.meta, "diesAsking", async ({ path, until, die }: { path: string; until: string; die: string }, scope) => {
  mark(path);
  while (!existsSync(until)) await turn();
  void (async () => {
    while (!existsSync(die)) await turn();
    process.exit(3);
  })();
  await scope.caller.call(other, 1);
});

export const exits = work(import.meta, "exits", (code: number): never => process.exit(code));
export const exitsLater = work(import.meta, "exitsLater", ({ path, until }: { path: string; until: string }): Promise<never> => {
  mark(path);
  return new Promise(() => {
    const look = (): void => {
      if (existsSync(until)) process.exit(7);
      setImmediate(look);
    };
    look();
  });
});
export const throwsInTimer = work(import.meta, "throwsInTimer", () => new Promise<never>(() => {
  setTimeout(() => {
    throw new Broken("in a timer");
  }, 0);
}));
/** It is over when its timer throws. */
export const leavesTimer = work(import.meta, "leavesTimer", (until: string) => {
  const look = (): void => {
    if (existsSync(until)) throw new Broken("left behind");
    setImmediate(look);
  };
  setImmediate(look);
});
export const rejectsAlone = work(import.meta, "rejectsAlone", () => new Promise<never>(() => {
  void Promise.reject(new Broken("nobody's"));
}));
export const fillsMemory = work(import.meta, "fillsMemory", (): never => {
  const kept: unknown[] = [];
  for (;;) kept.push(Array.from({ length: 1_000 }, () => ({ kept })));
});

// What workers keep.

const resource = perWorker(
  () => ({ id: ++made, uses: 0 }),
  ({ uses }) => {
    if (disposedTo !== undefined) writeFileSync(disposedTo, String(uses));
    if (disposalFails) throw new Broken("not disposed");
  },
);
let made = 0;
let disposedTo: string | undefined;
let disposalFails = false;

export const uses = work(import.meta, "uses", ({ path, failing = false }: { path?: string; failing?: boolean }) => {
  disposedTo = path;
  disposalFails = failing;
  const it = resource.get();
  it.uses++;
  return { ...it, where: `${process.pid}/${threadId}` };
});

/** Its timer is due when the call is over. */
export const ticks = work(import.meta, "ticks", ({ path, ms }: { path: string; ms: number }) => {
  setTimeout(() => mark(path), ms);
});

const inputs: WeakRef<object>[] = [];
export const remembers = work(import.meta, "remembers", async (input: object) => {
  inputs.push(new WeakRef(input));
  await turn();
});
/** How many of them are still there. */
export const remembered = work(import.meta, "remembered", async () => {
  for (let n = 0; n < 2; n++) {
    await turn();
    collectGarbage();
  }
  return inputs.filter((input) => input.deref() !== undefined).length;
});

// For counting, and for chance.

/** One of the ways in which a work ends. */
export const random = work(import.meta, "random", ({ kind, number }: { kind: "value" | "later" | "fails" | "sleeps"; number: number }, scope): unknown => {
  if (kind === "fails") throw new Broken("random", number);
  if (kind === "later") return Promise.resolve(number);
  return kind === "value" ? number : sleep(number % 3, scope).then(() => number);
});

/** One at a time in a pool. */
export const alone = work(import.meta, "alone", async ({ path, until }: { path?: string; until: string }) => {
  mark(path);
  while (!existsSync(until)) await turn();
}, { concurrency: 1 });
export const echoAlone = work(import.meta, "echoAlone", (input: unknown) => input, { concurrency: 1 });

// What is hostile, or careless.

export const hostile = work(import.meta, "hostile", (how: "getter" | "proxy"): unknown => {
  const fails = (): never => {
    throw new Broken("hostile");
  };
  return how === "proxy" ? new Proxy({}, { get: fails }) : Object.defineProperty({}, "then", { get: fails });
});
let kept: Caller | undefined;
export const keepsCaller = work(import.meta, "keepsCaller", (_: void, { caller }) => void (kept = caller));
export const callsKept = work(import.meta, "callsKept", (blocking: boolean, scope) => (blocking ? kept!.callBlocking(other, 1) : kept!.call(other, 1, scope)));
