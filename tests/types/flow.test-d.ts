/** Flows and context: the scope is required, comes last, and types are inferred without help. */
import type { CancelScope, Scope, Task, TaskGroup } from "espalier";
import { ambient, contextVariable, currentScope, tryCurrentScope } from "espalier/context";
import {
  asCompleted,
  circuitBreaker,
  closing,
  delays,
  exponential,
  fixed,
  type Flow,
  hedge,
  iterate,
  mapStream,
  retry,
  safeIterate,
  Schedule,
  singleFlight,
} from "espalier/flow";
import { sleep } from "espalier";
import { expectType } from "./expect-type.ts";

declare const scope: Scope;
declare const group: TaskGroup;
declare const tasks: Task<number>[];
declare const signal: AbortSignal;

// retry: the value of the function; the scope cannot be forgotten, and a signal is no scope to open attempts in
expectType(retry(async () => "a", fixed(1), scope)).is<Promise<string>>();
expectType(retry((own, attempt) => sleep(attempt, own).then(() => attempt), exponential(1), group)).is<Promise<number>>();
// @ts-expect-error the scope is missing
void retry(async () => "a", fixed(1));
// @ts-expect-error a signal is not enough
void retry(async () => "a", fixed(1), { signal });
// @ts-expect-error a number is no schedule
void retry(async () => "a", 3, scope);
// @ts-expect-error an attempt can wait, it cannot cancel
void retry((own) => own.cancel(), fixed(1), scope);
expectType(delays([1, 2]).jitter().attempts(3).within(10).when(() => true).retryAfter({ max: 5 })).is<Schedule>();
expectType(new Schedule(({ attempt, elapsed }) => (elapsed > 10 ? undefined : attempt))).is<Schedule>();

// asCompleted: the results of functions, or the tasks
expectType(asCompleted([async () => 1, () => "b"], scope)).is<Flow<number | string>>();
expectType(asCompleted([1, 2].map((ms) => async (own: Scope) => sleep(ms, own).then(() => ms)), scope)).is<Flow<number>>();
expectType(asCompleted(tasks, scope)).is<Flow<Task<number>>>();
expectType(asCompleted(group.tasks, group)).is<Flow<Task<unknown>>>();
// @ts-expect-error the scope is missing
asCompleted([async () => 1]);
// @ts-expect-error promises run already
asCompleted([Promise.resolve(1)], scope);

// mapStream: the concurrency is required
expectType(mapStream([1, 2], (item, own, index) => sleep(index, own).then(() => String(item)), { concurrency: 2 }, scope)).is<Flow<string>>();
// @ts-expect-error nothing bounds it
mapStream([1], String, {}, scope);
// @ts-expect-error the scope is missing
mapStream([1], String, { concurrency: 1 });

// hedge: of several functions and of one
expectType(hedge([async () => 1, () => "b"], { delay: 1 }, scope)).is<Promise<number | string>>();
expectType(hedge(async (_own, attempt) => attempt, { delay: 1, attempts: 3 }, scope)).is<Promise<number>>();
void hedge([async () => 1], { delay: 1, discard: (value) => expectType(value).is<number>() }, scope);
// @ts-expect-error when the next begins has to be said
void hedge([async () => 1], {}, scope);

// singleFlight: key and value come from the function
const load = singleFlight(async (key: string, own) => {
  await sleep(1, own);
  return key.length;
});
expectType(load("a", scope)).is<Promise<number>>();
// @ts-expect-error the scope is missing
void load("a");
// @ts-expect-error another type of key
void load(1, scope);

// circuitBreaker
expectType(circuitBreaker({ failures: 1, reset: 1 }).run(async () => 1, scope)).is<Promise<number>>();
// @ts-expect-error the scope is missing
void circuitBreaker({ failures: 1, reset: 1 }).run(async () => 1);
// @ts-expect-error for how long it opens has to be said
circuitBreaker({ failures: 1 });

// iterate, closing, safeIterate
async function* numbers(own: Scope): AsyncGenerator<number> {
  await sleep(1, own);
  yield 1;
}
expectType(iterate(numbers(scope), scope)).is<Flow<number>>();
expectType(iterate(["a"], scope)).is<Flow<string>>();
// @ts-expect-error the scope is missing
iterate(["a"]);
expectType(closing(numbers(scope))).is<AsyncGenerator<number> & AsyncDisposable>();
// @ts-expect-error the generator itself, not its function
closing(numbers);
expectType(
  safeIterate(
    numbers,
    async (items, own) => {
      expectType(own).is<Scope>();
      for await (const item of items) return item;
      return 0;
    },
    scope,
  ),
).is<Promise<number>>();
// @ts-expect-error a generator that runs already has no scope of its own
void safeIterate(numbers(scope), async () => {}, scope);
// @ts-expect-error the scope is missing
void safeIterate(numbers, async () => {});

// context
const user = contextVariable<string>("user");
expectType(user.get()).is<string>();
expectType(user.get(scope)).is<string>();
expectType(user.get({ signal })).is<string>();
expectType(user.run("ada", async (own) => own.deadline, scope)).is<Promise<number>>();
// @ts-expect-error the scope is missing
void user.run("ada", async () => 1);
// @ts-expect-error another type of value
void user.run(7, async () => 1, scope);
expectType(contextVariable("trace", { travels: true, default: 7 }).get()).is<number>();
// @ts-expect-error it travels or it does not
contextVariable("trace", { travels: "copied" });
expectType(currentScope()).is<Scope>();
expectType(tryCurrentScope()).is<Scope | undefined>();
expectType(group.spawn(ambient(async () => 1))).is<Task<number>>();
void scope.failAfter(1, ambient(async (own: CancelScope) => own.cancel()));
