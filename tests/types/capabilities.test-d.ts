/** Each type gives one right and no more: what is not in it does not compile. */
import type { ExecFileOptions } from "node:child_process";
import { once } from "node:events";
import { readFile } from "node:fs/promises";
import type { RequestOptions } from "node:http";
import { pipeline } from "node:stream/promises";
import { setTimeout as delay } from "node:timers/promises";
import {
  type Cancellable,
  CancelledError,
  type CancelScope,
  type Clock,
  failAfter,
  MisuseError,
  type Scope,
  sleep,
  sleepForever,
  sleepUntil,
  type Task,
  type TaskFunction,
  TaskGroupError,
  type TaskGroup,
  taskGroup,
  TimeoutError,
} from "espalier";
import { testClock } from "espalier/testing";
import { expectType } from "./expect-type.ts";

declare const scope: Scope;
declare const cancelScope: CancelScope;
declare const group: TaskGroup;
declare const task: Task<number>;

// a Scope waits and opens children; it cannot leave anything running, nor cancel
// @ts-expect-error a Scope cannot spawn
scope.spawn(() => {});
// @ts-expect-error … nor try to
scope.trySpawn(() => {});
// @ts-expect-error … nor start
scope.start(() => {}, scope);
// @ts-expect-error a Scope cannot cancel
scope.cancel();
// @ts-expect-error … nor move its deadline
scope.reschedule(0);

// a CancelScope can cancel; it cannot spawn
cancelScope.cancel("reason");
cancelScope.reschedule(cancelScope.now() + 1_000);
// @ts-expect-error a CancelScope cannot spawn
cancelScope.spawn(() => {});

// rights can be given away, not taken: a TaskGroup goes where a Scope is asked for, never the other way round
const waits = (_scope: Scope): void => {};
const spawns = (_group: TaskGroup): void => {};
const cancels = (_scope: CancelScope): void => {};
waits(group);
waits(cancelScope);
cancels(group);
// @ts-expect-error a function that spawns cannot be called with a Scope
spawns(scope);
// @ts-expect-error … nor with a CancelScope
spawns(cancelScope);
// @ts-expect-error a function that cancels cannot be called with a Scope
cancels(scope);

// what is handed to tasks and bodies is no more than they need
group.spawn(waits);
void taskGroup(spawns);
void failAfter(10, cancels);
// @ts-expect-error a task is handed a Scope, not the group
group.spawn(spawns);
// @ts-expect-error a body with a time limit is handed a CancelScope, not a group
void failAfter(10, spawns);
// @ts-expect-error a shield's body too
void scope.shield(spawns);
// @ts-expect-error a cleanup is handed a Scope
scope.defer(cancels);
// @ts-expect-error so is what map calls
void scope.map([1], (_item: number, own: TaskGroup) => own.size);

// whatever waits takes the scope last, and it cannot be forgotten
// @ts-expect-error sleep without a scope
void sleep(10);
// @ts-expect-error sleepUntil without a scope
void sleepUntil(10);
// @ts-expect-error sleepForever without a scope
void sleepForever();
// @ts-expect-error vacancy without a scope
void group.vacancy();
// @ts-expect-error start without the caller's scope
void group.start(() => {});
// @ts-expect-error not even as undefined
void sleep(10, undefined);
// join and settled may go without: a task ends with its group anyway
void task.join();
void task.settled();

// anything with a signal will do where only cancellation is needed
void sleep(10, { signal: AbortSignal.timeout(10) });
void sleep(10, new Request("http://localhost"));
void task.join(new Request("http://localhost"));
void taskGroup(() => {}, new Request("http://localhost"));
void taskGroup(() => {}, scope);
void taskGroup(() => {}, { ...scope, concurrency: 5 });
void failAfter(10, () => {}, { signal: scope.signal, name: "lookup" });
expectType<Cancellable>(scope).is<Cancellable>();
// @ts-expect-error a bare AbortSignal is no scope
void sleep(10, AbortSignal.timeout(10));
// @ts-expect-error sleepUntil reads the scope's clock, so a signal alone is not enough
void sleepUntil(10, { signal: AbortSignal.timeout(10) });

// a Scope is the `{ signal }` bag of the platform's functions
void fetch("http://localhost", scope);
void readFile("file", scope);
void once(new EventTarget(), "ready", scope);
void delay(10, undefined, scope);
void pipeline([], async function* () {}, scope);
void new ReadableStream().pipeTo(new WritableStream(), scope);
expectType<RequestOptions>({ ...scope }).is<RequestOptions>();
expectType<ExecFileOptions>({ ...scope }).is<ExecFileOptions>();

// a Task is not a thenable: await gives the handle, and nothing can be chained
async function awaited(): Promise<void> {
  // oxlint-disable-next-line typescript/await-thenable -- what is tested
  expectType(await task).is<Task<number>>();
  // @ts-expect-error there is no then
  void task.then;
}
void awaited;

// what is read-only stays so
// @ts-expect-error the name of a scope
scope.name = "other";
// @ts-expect-error its signal
scope.signal = AbortSignal.abort();
// @ts-expect-error the outcome of a task
task.outcome = undefined;
// @ts-expect-error the group's tasks are for reading
group.tasks.push(task);

// a function that takes nothing, or less, is a task function; one that takes more is not
const plain: TaskFunction<number> = () => 1;
void plain;
// @ts-expect-error nobody gives it a second argument
const greedy: TaskFunction<number> = (_scope: Scope, count: number) => count;
void greedy;

// errors say what they carry
declare const cancelled: CancelledError;
declare const timeout: TimeoutError;
declare const failures: TaskGroupError;
declare const misuse: MisuseError;
expectType(cancelled.reason).is<unknown>();
expectType(cancelled.by).is<string>();
expectType(timeout.ms).is<number>();
expectType(timeout.cause).is<CancelledError>();
const aggregate: AggregateError = failures;
void aggregate;
const code: string = misuse.code;
void code;
// @ts-expect-error a TimeoutError is not a CancelledError
const confused: CancelledError = timeout;
void confused;

const clock: Clock = testClock();
void taskGroup(() => {}, { clock });
