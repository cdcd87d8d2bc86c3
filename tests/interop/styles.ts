/** Each other style, as the one suite of all sees it: our work in that style, and work of that style in a scope of ours. */
import { Cause, Effect, Exit, Fiber } from "effect";
import { call, race, run, sleep, suspend, until } from "effection";
import { firstValueFrom, NEVER, Observable, of, throwError, timeout } from "rxjs";
import { leaves, type Scope, taskGroup } from "espalier";
import { asEffect, cancellationOf, errorOf, runEffect } from "espalier/effect";
import { asOperation, runOperation } from "espalier/effection";
import { asObservable, runObservable } from "espalier/rxjs";

type Body<T> = (scope: Scope) => Promise<T>;

export interface Started<T> {
  /** How it ended, in that style; an error of it as espalier would throw it. */
  readonly result: Promise<T>;
  /** Ends it from outside, as that style does. Resolves when all is over, and rejects with what failed meanwhile. */
  interrupt(): Promise<void>;
}

/** Work of that style: what it is made of, in words that all of them have. */
export interface Foreign {
  readonly value: (value: unknown) => Body<unknown>;
  readonly failure: (error: unknown) => Body<unknown>;
  /** Never ends by itself; `started` is called when it runs, `cleanup` when it is ended. */
  readonly forever: (started: () => void, cleanup: () => Promise<void>) => Body<unknown>;
  /** Work of ours in work of that style. */
  readonly ours: <T>(body: Body<T>) => Body<unknown>;
}

export interface Style {
  readonly name: string;
  /** Runs our work as work of that style, where no scope is around. */
  start<T>(body: Body<T>): Started<T>;
  /** The same, in a time limit of that style, which is about to pass. */
  limited(body: Body<unknown>): Promise<unknown>;
  readonly foreign: Foreign;
  /** What that style cannot do, whoever asks: to unsubscribe from an Observable waits for nothing, and it has no context. */
  readonly cannot: readonly ("await cleanup" | "pass on scopes")[];
}

const effect: Style = {
  name: "Effect",
  start<T>(body: Body<T>) {
    const fiber = Effect.runFork(asEffect(body));
    const exit = Effect.runPromise(Fiber.await(fiber));
    return {
      result: exit.then((end) => {
        if (Exit.isSuccess(end)) return end.value;
        throw errorOf(end.cause);
      }),
      async interrupt() {
        await Effect.runPromise(Fiber.interrupt(fiber));
        const end = await exit;
        const isToldMore = Exit.isFailure(end) && (!Cause.hasInterruptsOnly(end.cause) || cancellationOf(end.cause) !== undefined);
        if (isToldMore) throw errorOf(end.cause);
      },
    };
  },
  limited: (body) => Effect.runPromise(asEffect(body).pipe(Effect.timeout("1 millis"))),
  foreign: {
    value: (value) => (scope) => runEffect(Effect.succeed(value), scope),
    failure: (error) => (scope) => runEffect(Effect.fail(error), scope),
    forever: (started, cleanup) => (scope) => runEffect(Effect.andThen(Effect.sync(started), Effect.never).pipe(Effect.ensuring(Effect.promise(cleanup))), scope),
    ours: (body) => (scope) => runEffect(asEffect(body), scope),
  },
  cannot: [],
};

const effection: Style = {
  name: "Effection",
  start<T>(body: Body<T>) {
    const task = run(() => asOperation(body));
    const result = task.then((value) => value);
    return { result, interrupt: async () => task.halt() };
  },
  limited: (body) =>
    run(function* () {
      return yield* race([
        asOperation(body),
        call(function* () {
          yield* sleep(1);
          throw new Error("too late");
        }),
      ]);
    }),
  foreign: {
    value: (value) => (scope) => runOperation(() => call(() => Promise.resolve(value)), scope),
    failure: (error) => (scope) => runOperation(() => call(() => Promise.reject(error)), scope),
    forever: (started, cleanup) => (scope) =>
      runOperation(function* () {
        try {
          started();
          yield* suspend();
        } finally {
          yield* until(cleanup());
        }
      }, scope),
    ours: (body) => (scope) => runOperation(() => asOperation(body), scope),
  },
  cannot: [],
};

const rxjs: Style = {
  name: "RxJS",
  start<T>(body: Body<T>) {
    let unsubscribe = (): void => {};
    let over = Promise.resolve();
    const result = new Promise<T>((resolve, reject) => {
      over = taskGroup((group) => {
        const subscription = asObservable(body, { group }).subscribe({ next: resolve, error: reject });
        unsubscribe = () => {
          subscription.unsubscribe();
          reject(new Error("unsubscribed"));
        };
      });
    });
    return {
      result,
      async interrupt() {
        unsubscribe();
        await over.catch(rethrowFirst);
      },
    };
  },
  limited: (body) => taskGroup((group) => firstValueFrom(asObservable(body, { group }).pipe(timeout(1)))).catch(rethrowFirst),
  foreign: {
    value: (value) => (scope) => runObservable(of(value), scope),
    failure: (error) => (scope) => runObservable(throwError(() => error), scope),
    forever: (started, cleanup) => (scope) =>
      runObservable(
        new Observable((subscriber) => {
          started();
          const end = NEVER.subscribe(subscriber);
          end.add(() => void cleanup());
          return end;
        }),
        scope,
      ),
    ours: (body) => (scope) => runObservable(asObservable(body, { signal: scope.signal }), scope),
  },
  cannot: ["await cleanup", "pass on scopes"],
};

function rethrowFirst(error: unknown): never {
  throw leaves(error)[0];
}

export const styles: readonly Style[] = [effect, effection, rxjs];
