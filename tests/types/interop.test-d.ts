/** Beside other styles: values and typed failures are inferred, on the way out and on the way in. */
import type { Cause, Context } from "effect";
import { Effect } from "effect";
import type { Operation } from "effection";
import { sleep as pause } from "effection";
import type { Observable } from "rxjs";
import { type CancelledError, type CancelScope, type Scope, sleep, type TaskGroup } from "espalier";
import { asEffect, cancellationOf, causeOf, errorOf, runEffect } from "espalier/effect";
import { asOperation, runOperation } from "espalier/effection";
import { asObservable, itemsAsObservable, itemsOf, runObservable } from "espalier/rxjs";
import { expectType } from "./expect-type.ts";

declare const scope: Scope;
declare const group: TaskGroup;
declare const signal: AbortSignal;
class NotFound {
  readonly _tag = "NotFound";
}
declare const typed: Effect.Effect<number, NotFound>;
declare const needy: Effect.Effect<number, never, Database>;
declare const Database: Context.Service<Database, { readonly rows: number }>;
interface Database {
  readonly database: unique symbol;
}

// asEffect: failures are unknown, unless `catch` says what they are
expectType(asEffect(async () => 1)).is<Effect.Effect<number, unknown>>();
expectType(asEffect((own) => sleep(1, own).then(() => "a"), { catch: () => new NotFound() })).is<Effect.Effect<string, NotFound>>();
expectType(asEffect(() => true, { name: "check", signal, catch: (error) => `${String(error)}!` })).is<Effect.Effect<boolean, string>>();
asEffect((own) => expectType(own).is<CancelScope>());
// `catch` that always throws leaves no failures, only defects
expectType(asEffect(async () => 1, { catch: (error): never => { throw error; } })).is<Effect.Effect<number>>();
// @ts-expect-error a promise runs already
asEffect(Promise.resolve(1));

// runEffect: the value; what it needs has to be provided, and a scope be given
expectType(runEffect(typed, scope)).is<Promise<number>>();
expectType(runEffect(Effect.succeed("a"), { signal })).is<Promise<string>>();
// @ts-expect-error it needs a Database
void runEffect(needy, scope);
expectType(runEffect(Effect.provideService(needy, Database, { rows: 1 }), scope)).is<Promise<number>>();
// @ts-expect-error the scope is missing
void runEffect(typed);

// Cause and errors
expectType(causeOf(new Error("a"))).is<Cause.Cause<unknown>>();
expectType(causeOf(new Error("a"), () => new NotFound())).is<Cause.Cause<NotFound>>();
declare const cause: Cause.Cause<NotFound>;
expectType(errorOf(cause)).is<unknown>();
expectType(cancellationOf(cause)).is<CancelledError | undefined>();

// Effection
expectType(asOperation(async () => 1)).is<Operation<number>>();
expectType(asOperation((own) => sleep(1, own).then(() => "a"), { name: "slow" })).is<Operation<string>>();
asOperation((own) => expectType(own).is<CancelScope>());
expectType(runOperation(function* () {
  yield* pause(1);
  return 1;
}, scope)).is<Promise<number>>();
expectType(runOperation(() => asOperation(() => "a"), { signal })).is<Promise<string>>();
// @ts-expect-error the scope is missing
void runOperation(() => pause(1));
// @ts-expect-error a function that makes the operation: one that runs already cannot be run again
void runOperation(pause(1), scope);

// RxJS
expectType(asObservable(async () => 1)).is<Observable<number>>();
expectType(asObservable((own) => sleep(1, own).then(() => "a"), { group })).is<Observable<string>>();
// @ts-expect-error who subscribes cancels, and nobody else
asObservable((own) => own.cancel());
// @ts-expect-error a scope has no tasks to add one to
asObservable(() => 1, { group: scope });
expectType(itemsAsObservable(async function* () {
  yield 1;
})).is<Observable<number>>();
expectType(itemsAsObservable(() => ["a"])).is<Observable<string>>();
declare const values: Observable<number | string>;
expectType(runObservable(values, scope)).is<Promise<number | string | undefined>>();
expectType(itemsOf(values, scope)).is<AsyncGenerator<number | string, void, undefined>>();
itemsOf(values, scope, { capacity: Infinity, slow: "dropOldest" });
// @ts-expect-error an Observable cannot be made to wait
itemsOf(values, scope, { slow: "wait" });
// @ts-expect-error the scope is missing
itemsOf(values);
