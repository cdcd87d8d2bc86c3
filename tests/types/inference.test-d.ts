/** What the compiler infers for a user who writes no type argument. */
import {
  all,
  allSettled,
  any,
  type CancelScope,
  failAfter,
  map,
  moveOnAfter,
  openTaskGroup,
  type OpenTaskGroup,
  type Outcome,
  race,
  run,
  type Scope,
  sleepForever,
  type StartedTask,
  suppressed,
  type Task,
  type TaskGroup,
  taskGroup,
} from "espalier";
import { expectType } from "./expect-type.ts";

declare const scope: Scope;
declare const group: TaskGroup;
declare const functions: ((scope: Scope) => Promise<Date>)[];
declare const fetchPage: (url: URL, scope: Scope, index: number) => Promise<string>;
declare const urls: URL[];
declare const stream: AsyncIterable<URL>;

// all: a tuple, each place with the type of its function; sync and async functions alike
expectType(all([async () => 1, (own) => own.name, () => Promise.resolve(true)])).is<Promise<[number, string, boolean]>>();
expectType(scope.all([async () => 1, () => "text"])).is<Promise<[number, string]>>();
expectType(all([])).is<Promise<[]>>();
expectType(all(functions)).is<Promise<Date[]>>();
expectType(all([async () => undefined, sleepForever] as const)).is<Promise<[undefined, never]>>();

// allSettled: the platform's own records
expectType(allSettled([async () => 1, async () => "text"])).is<Promise<[PromiseSettledResult<number>, PromiseSettledResult<string>]>>();
expectType(scope.allSettled(functions)).is<Promise<PromiseSettledResult<Date>[]>>();

// race, any: the union of the results; `discard` sees the same union
expectType(race([async () => 1, async () => "text"])).is<Promise<number | string>>();
expectType(any([async () => 1, async () => "text"])).is<Promise<number | string>>();
expectType(scope.race(functions)).is<Promise<Date>>();
expectType(scope.any(functions, { discard: (date) => expectType(date).is<Date>() })).is<Promise<Date>>();
expectType(race([async () => 1, async () => "text"], { discard: (value) => expectType(value).is<number | string>() })).is<Promise<number | string>>();

// map: items of any iterable, a function with or without scope and index
expectType(map(urls, fetchPage)).is<Promise<string[]>>();
expectType(scope.map(stream, fetchPage, { concurrency: 5 })).is<Promise<string[]>>();
expectType(map(new Set([1, 2]), (n) => n * 2)).is<Promise<number[]>>();
expectType(map("abc", (letter, own, index) => [expectType(letter).is<string>(), expectType(own).is<Scope>(), expectType(index).is<number>()].length)).is<
  Promise<number[]>
>();
expectType(map([] as (1 | 2)[], async (n) => n)).is<Promise<(1 | 2)[]>>();

// taskGroup, failAfter, shield, run: what the body returns, awaited
expectType(taskGroup(async (own) => expectType(own).is<TaskGroup>())).is<Promise<void>>();
expectType(taskGroup(() => 42)).is<Promise<number>>();
expectType(scope.group((own) => own.size)).is<Promise<number>>();
expectType(failAfter(10, async (own) => expectType(own).is<CancelScope>())).is<Promise<void>>();
expectType(scope.failAfter(10, () => 42)).is<Promise<number>>();
expectType(scope.shield(async () => "text", { timeout: 10 })).is<Promise<string>>();
expectType(run(async (own) => own.name)).is<Promise<string>>();
void run((own) => expectType(own).is<Scope>());

// moveOnAfter: without a fallback `undefined` is added, with one its type
expectType(moveOnAfter(10, async () => 42)).is<Promise<number | undefined>>();
expectType(scope.moveOnAfter(10, () => 42)).is<Promise<number | undefined>>();
expectType(scope.moveOnAfter(10, () => 42, { name: "lookup" })).is<Promise<number | undefined>>();
expectType(moveOnAfter(10, async () => 42, { fallback: "stale" })).is<Promise<number | string>>();
expectType(scope.moveOnAfter(10, async () => 42, { fallback: null })).is<Promise<number | null>>();
expectType(scope.moveOnAfter(10, async () => 42, { fallback: 0 })).is<Promise<number>>();

// spawn, trySpawn: the handle of what the function gives
expectType(group.spawn(async () => 42)).is<Task<number>>();
expectType(group.spawn((own) => own.name)).is<Task<string>>();
expectType(group.trySpawn(() => true)).is<Task<boolean> | undefined>();
expectType(group.spawn(async () => 42).join()).is<Promise<number>>();
expectType(group.spawn(async () => 42).settled(scope)).is<Promise<Outcome<number>>>();
expectType(group.spawn(async () => 42).outcome).is<Outcome<number> | undefined>();
expectType(group.tasks).is<Iterable<Task<unknown>>>();

// start: R comes from the annotation of `started`, T from what the function returns
const listen = async (_own: Scope, started: (port: number) => void): Promise<string> => {
  started(80);
  return "closed";
};
expectType(group.start(listen, scope)).is<Promise<StartedTask<string, number>>>();
expectType(group.start(async (_own, started: (port: number) => void) => started(80), group)).is<Promise<StartedTask<void, number>>>();
expectType(group.start(async (_own, started) => started(), scope)).is<Promise<StartedTask<void, void>>>();
void group.start((own, _started: (port: number) => void) => expectType(own).is<Scope>(), scope);
expectType(group.start(async () => 42, new Request("http://localhost"))).is<Promise<StartedTask<number, void>>>();
declare const server: StartedTask<string, number>;
expectType(server.started).is<number>();
expectType(server.join()).is<Promise<string>>();

// an outcome is told apart by its status
declare const outcome: Outcome<number>;
if (outcome.status === "succeeded") expectType(outcome.value).is<number>();
if (outcome.status === "failed") expectType(outcome.error).is<unknown>();
if (outcome.status === "cancelled") expectType(outcome.reason.source).is<"explicit" | "deadline" | "sibling" | "signal" | "shutdown" | "ended">();

// the rest
expectType(scope.wait(Promise.resolve(1))).is<Promise<number>>();
expectType(sleepForever(scope)).is<Promise<never>>();
expectType(openTaskGroup()).is<OpenTaskGroup>();
expectType(openTaskGroup().join()).is<Promise<void>>();
expectType(suppressed(new Error("any"))).is<readonly unknown[]>();
