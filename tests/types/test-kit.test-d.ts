/** What the compiler infers of the test kit. */
import { test } from "node:test";
import { CancelledError, type Scope, type TaskGroupError } from "espalier";
import { assertCheckpoints, assertNoCheckpoints, assertNoLeaks, expectGroup, external, type Fact, inScope, record, Sequencer, testClock, waitAllTasksBlocked } from "espalier/testing";
import { expectType } from "./expect-type.ts";

declare const scope: Scope;

// external: the result goes through, of any thenable
expectType(external(Promise.resolve(1))).is<Promise<number>>();
expectType(external(Promise.resolve(1) as PromiseLike<number>, "label")).is<Promise<number>>();
// @ts-expect-error a function is no work yet
void external(() => Promise.resolve(1));

// expectGroup: narrows, and takes classes, predicates and arrays
declare const error: unknown;
expectGroup(error, [TypeError, CancelledError, [RangeError, (failure: Error) => failure.message === ""]]);
expectType(error).is<TaskGroupError>();
declare const other: unknown;
// @ts-expect-error a predicate answers
expectGroup(other, [(failure: Error) => failure.message]);

// inScope: the body's result; the context is that of the test it is given to, or what the body says
expectType(inScope(async (own) => expectType(own).is<Scope>())).is<(context?: unknown) => Promise<void>>();
expectType(inScope((_, context: { readonly task: string }) => context.task)).is<(context?: { readonly task: string }) => Promise<string>>();
void test("a test", inScope((_, context) => expectType(context.signal).is<AbortSignal>()));
void test("a test", { timeout: 5 }, inScope(async (_, { name }) => expectType(name).is<string>()));

// assertions give what the operation gives
expectType(assertCheckpoints((own) => own.wait(Promise.resolve("text")))).is<Promise<string>>();
expectType(assertNoCheckpoints(() => 1, scope)).is<Promise<number>>();
expectType(assertNoLeaks()).is<Promise<void>>();
expectType(assertNoLeaks(async () => 1)).is<Promise<number>>();

// Sequencer, record, waitAllTasksBlocked
const order = new Sequencer();
expectType(order.at(0, scope)).is<Promise<void>>();
expectType(order.at(1, { signal: scope.signal }, async () => "text")).is<Promise<string>>();
expectType(record().facts).is<readonly Fact[]>();
expectType(waitAllTasksBlocked(scope)).is<Promise<void>>();
// @ts-expect-error whatever waits takes a scope
void waitAllTasksBlocked();

expectType(testClock({ rate: 10, autojump: undefined }).advance(1)).is<Promise<void>>();
