/** What is special beside RxJS: many values, a buffer that is bounded, errors that nobody is subscribed to. (The rest: styles.test.ts.) */
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { concat, config, EMPTY, firstValueFrom, lastValueFrom, NEVER, Observable, of, range, Subject, switchMap, take, throwError, toArray } from "rxjs";
import { CancelledError, type Scope, sleepForever, TaskGroupError, taskGroup } from "espalier";
import { channel, ClosedError } from "espalier/channel";
import { asObservable, itemsAsObservable, itemsOf, runObservable } from "espalier/rxjs";
import { Event } from "espalier/sync";

const failure = new Error("failed");

/** An endless Observable, and how many are subscribed to it. */
function endless<T>(...first: T[]): { values: Observable<T>; subscribed: () => number } {
  let count = 0;
  const values = new Observable<T>((subscriber) => {
    count++;
    const end = concat(of(...first), NEVER).subscribe(subscriber);
    end.add(() => count--);
    return end;
  });
  return { values, subscribed: () => count };
}

describe("asObservable()", () => {
  test("asObservable() emits and completes only when all in its scope has ended (G1)", async () => {
    const free = new Event();
    const log: string[] = [];
    const work = asObservable((scope) => {
      scope.defer(async (own) => {
        await free.wait(own);
        log.push("ended");
      });
      return "value";
    });
    const value = firstValueFrom(work).then((emitted) => log.push(emitted));
    free.set();
    await value;
    assert.deepEqual(log, ["ended", "value"]);
  });

  test("asObservable() is cancelled by switchMap() when the next value comes", async () => {
    const [source, reasons] = [new Subject<number>(), [] as unknown[]];
    const last = lastValueFrom(source.pipe(switchMap((n) => asObservable(async (scope) => {
      scope.onCancel((cause) => reasons.push(cause.reason));
      if (n < 3) await sleepForever(scope);
      return n;
    }))));
    for (const n of [1, 2, 3]) source.next(n);
    source.complete();
    assert.equal(await last, 3);
    assert.deepEqual(reasons, ["its subscriber has unsubscribed", "its subscriber has unsubscribed"]);
  });

  test("asObservable() tells RxJS of a failure in the cleanup, where neither a subscriber nor a group is there to be told", async () => {
    const told = new Promise((resolve) => (config.onUnhandledError = resolve));
    try {
      const subscription = asObservable(async (scope) => {
        await sleepForever(scope).catch(() => {});
        throw failure;
      }).subscribe();
      subscription.unsubscribe();
      assert.equal(await told, failure);
    } finally {
      config.onUnhandledError = null;
    }
  });

  test("asObservable() that nobody is subscribed to has not failed where a cancellation around ends its cleanup", async () => {
    const controller = new AbortController();
    const lingering = (cancel: () => void) => async (scope: Scope): Promise<void> => {
      await sleepForever(scope).catch(cancel);
      scope.throwIfCancelled();
    };
    await taskGroup((group) => asObservable(lingering(() => group.cancel()), { group }).subscribe().unsubscribe());

    const told = new Promise((resolve) => (config.onUnhandledError = resolve));
    try {
      asObservable(lingering(() => controller.abort()), { signal: controller.signal }).subscribe().unsubscribe();
      await new Promise(setImmediate);
      // RxJS tells in order: what fails now is the first.
      asObservable(() => Promise.reject(failure)).subscribe().unsubscribe();
      assert.equal(await told, failure);
    } finally {
      config.onUnhandledError = null;
    }
  });

  test("asObservable() in a group gives its error to the subscriber, and not to the group", async () => {
    await taskGroup(async (group) => {
      await assert.rejects(firstValueFrom(asObservable(() => Promise.reject(failure), { group })), (error) => error === failure);
    });
  });

  test("asObservable() in a group that is cancelled fails with the cancellation", async () => {
    let thrown: unknown;
    await taskGroup((group) => {
      asObservable((scope) => sleepForever(scope), { group }).subscribe({ error: (error: unknown) => (thrown = error) });
      group.cancel("enough");
    });
    assert.ok(thrown instanceof CancelledError && thrown.reason === "enough");
  });

  test("asObservable() that waits for a place in its group fails with the cancellation of the group", async () => {
    let thrown: unknown;
    await taskGroup((group) => {
      group.spawn((scope) => sleepForever(scope));
      asObservable(() => assert.fail("was called"), { group }).subscribe({ error: (error: unknown) => (thrown = error) });
      group.cancel("enough");
    }, { concurrency: 1 });
    assert.ok(thrown instanceof CancelledError && thrown.reason === "enough");
  });

  test("asObservable() that waits for a place in its group is not called once its subscriber has unsubscribed", async () => {
    let calls = 0;
    await taskGroup((group) => {
      const first = group.spawn((scope) => sleepForever(scope));
      asObservable(() => calls++, { group }).subscribe().unsubscribe();
      first.cancel();
    }, { concurrency: 1 });
    assert.equal(calls, 0);
  });
});

describe("itemsAsObservable()", () => {
  async function* counting(scope: Scope, log: string[] = []): AsyncGenerator<number> {
    try {
      for (let n = 1; ; n++) {
        await scope.checkpoint();
        yield n;
      }
    } finally {
      log.push("closed");
    }
  }

  test("itemsAsObservable() emits what a generator yields, and closes it when the subscriber has enough", async () => {
    const log: string[] = [];
    await taskGroup(async (group) => {
      const items = itemsAsObservable((scope) => counting(scope, log), { group });
      assert.deepEqual(await lastValueFrom(items.pipe(take(3), toArray())), [1, 2, 3]);
    });
    assert.deepEqual(log, ["closed"]);
  });

  test("itemsAsObservable() emits what comes out of a channel, and completes with it", async () => {
    const [sender, receiver] = channel<string>(2);
    const items = lastValueFrom(itemsAsObservable((scope) => receiver.items(scope)).pipe(toArray()));
    for (const item of ["a", "b"]) sender.trySend(item);
    sender.close();
    assert.deepEqual(await items, ["a", "b"]);
  });

  test("itemsAsObservable() emits what came before an error", async () => {
    const seen: unknown[] = [];
    const items = itemsAsObservable(async function* () {
      yield 1;
      throw failure;
    });
    await new Promise<void>((resolve) => items.subscribe({ next: (n) => seen.push(n), error: (error) => resolve(void seen.push(error)) }));
    assert.deepEqual(seen, [1, failure]);
  });
});

describe("itemsOf()", () => {
  test("itemsOf() gives the values in order, and ends with the Observable", async () => {
    await taskGroup(async (group) => {
      const seen: number[] = [];
      for await (const n of itemsOf(range(1, 3), group)) seen.push(n);
      assert.deepEqual(seen, [1, 2, 3]);
    });
  });

  test("itemsOf() throws the error of the Observable after the values before it", async () => {
    const seen: unknown[] = [];
    const call = taskGroup(async (group) => {
      for await (const n of itemsOf(concat(of(1, 2), throwError(() => failure)), group)) seen.push(n);
    }, { errors: "first" });
    await assert.rejects(call, (error) => error === failure);
    assert.deepEqual(seen, [1, 2]);
  });

  test("itemsOf() subscribes when the first value is asked for, and unsubscribes when the loop is left", async () => {
    const { values, subscribed } = endless(1, 2);
    await taskGroup(async (group) => {
      const items = itemsOf(values, group);
      assert.equal(subscribed(), 0);
      for await (const n of items) {
        assert.equal(subscribed(), 1);
        if (n === 2) break;
      }
      assert.equal(subscribed(), 0);
    });
  });

  test("itemsOf() unsubscribes in the call that cancels the scope, and throws the cancellation", async () => {
    const { values, subscribed } = endless(1);
    await taskGroup(async (group) => {
      const loop = async (): Promise<void> => {
        for await (const _ of itemsOf(values, group)) {
          assert.equal(subscribed(), 1);
          group.cancel();
          assert.equal(subscribed(), 0);
        }
      };
      await assert.rejects(loop(), (error) => error === group.reason);
    });
  });

  test("itemsOf() fails, after what waits, when there is no room for a value, and unsubscribes", async () => {
    const source = new Subject<number>();
    const seen: number[] = [];
    const call = taskGroup(async (group) => {
      for await (const n of itemsOf(source, group, { capacity: 2 })) {
        seen.push(n);
        if (n === 0) for (let next = 1; next <= 4; next++) source.next(next);
        if (n === 0) assert.equal(source.observed, false);
      }
    }, { errors: "first" });
    source.next(0);
    await assert.rejects(call, (error) => error instanceof ClosedError && error.code === "BROKEN" && /2 values wait/.test(error.message));
    assert.deepEqual(seen, [0, 1, 2]);
  });

  test('itemsOf() drops the value that has waited for longest with slow: "dropOldest"', async () => {
    await taskGroup(async (group) => {
      const seen: number[] = [];
      for await (const n of itemsOf(range(1, 5), group, { capacity: 2, slow: "dropOldest" })) seen.push(n);
      assert.deepEqual(seen, [4, 5]);
    });
  });

  test("itemsOf() is not held up by an Observable that never stops to emit", async () => {
    const call = taskGroup((group) => itemsOf(range(1, Infinity), group, { capacity: 3 }).next());
    assert.deepEqual(await call, { done: false, value: 1 });
  });

  test("itemsOf() has room for one value at least", async () => {
    await assert.rejects(taskGroup((group) => itemsOf(EMPTY, group, { capacity: 0 }).next(), { errors: "first" }), RangeError);
    await assert.rejects(taskGroup((group) => itemsOf(EMPTY, group, { capacity: NaN }).next(), { errors: "first" }), RangeError);
  });

  test("itemsOf() refuses what it does not know", async () => {
    await assert.rejects(taskGroup((group) => itemsOf(EMPTY, group, { slow: "drop" as never }).next(), { errors: "first" }), TypeError);
    await assert.rejects(itemsOf(EMPTY, undefined as never).next(), /itemsOf\(\) waits/);
  });
});

describe("runObservable()", () => {
  test("runObservable() gives the last value, undefined where there was none", async () => {
    await taskGroup(async (group) => {
      assert.equal(await runObservable(of(1, 2), group), 2);
      assert.equal(await runObservable(EMPTY, group), undefined);
    });
  });

  test("runObservable() unsubscribes when what runs beside it fails", async () => {
    const { values, subscribed } = endless();
    const call = taskGroup((group) => {
      group.spawn((scope) => runObservable(values, scope));
      assert.equal(subscribed(), 1);
      group.spawn(() => Promise.reject(failure));
    });
    await assert.rejects(call, TaskGroupError);
    assert.equal(subscribed(), 0);
  });
});
