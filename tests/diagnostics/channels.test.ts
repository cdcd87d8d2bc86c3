import assert from "node:assert/strict";
import { AsyncLocalStorage } from "node:async_hooks";
import { channel, subscribe, unsubscribe } from "node:diagnostics_channel";
import { afterEach, describe, test } from "node:test";
import { sleep, sleepForever, taskGroup } from "espalier";
import { inline, work } from "espalier/executor";
import { watcher } from "../../src/scope/watch.ts";

interface Published {
  readonly name: string;
  readonly kind: string;
  readonly owner: Published | undefined;
  readonly status: string | undefined;
  readonly error: unknown;
  readonly cause: Error | undefined;
}

export const shout = work(import.meta, "shout", (word: string) => word.toUpperCase());

const failure = new Error("broken");

let subscribed: (() => void)[] = [];
afterEach(() => {
  for (const end of subscribed) end();
  subscribed = [];
});

function listen<T = Published>(name: string, listener: (message: T) => void): void {
  const told = (message: unknown): void => listener(message as T);
  subscribe(name, told);
  subscribed.push(() => unsubscribe(name, told));
}

function program(): Promise<unknown> {
  return taskGroup(
    (group) => {
      group.spawn(() => {}, { name: "good" });
      group.spawn(sleepForever, { name: "slow" });
      group.spawn(
        async (scope) => {
          await sleep(1, scope);
          throw failure;
        },
        { name: "bad" },
      );
    },
    { name: "main" },
  ).catch((error: unknown) => error);
}

describe("the channels of diagnostics_channel", () => {
  test("tell of each task its start and its end, with how it ended, what it failed with, and why it was cancelled", async () => {
    const log: unknown[] = [];
    listen("espalier:task:start", ({ name, kind, owner, status }) => log.push(["start", name, kind, owner?.name, status]));
    listen("espalier:task:end", ({ name, status, error, cause }) => log.push(["end", name, status, error, cause?.message]));
    await program();
    assert.deepEqual(log, [
      ["start", "good", "task", "main", undefined],
      ["end", "good", "succeeded", undefined, undefined],
      ["start", "slow", "task", "main", undefined],
      ["start", "bad", "task", "main", undefined],
      ["end", "bad", "failed", failure, undefined],
      ["end", "slow", "cancelled", undefined, '"bad" failed, so what runs beside it was cancelled: Error: broken'],
    ]);
  });

  test("tell of scopes, cancellations and waits, each by the one object that stands for it", async () => {
    const starts = new Map<Published, string>();
    const log: string[] = [];
    for (const what of ["task", "scope"]) {
      listen(`espalier:${what}:start`, (message) => starts.set(message, message.name));
      listen(`espalier:${what}:end`, (message) => assert.equal(starts.get(message), message.name));
    }
    listen("espalier:cancel", (message) => log.push(`${starts.get(message)} is cancelled`));
    const waits = new Set<object>();
    listen<{ label: string; scope: Published }>("espalier:wait:start", (wait) => {
      waits.add(wait);
      log.push(`${starts.get(wait.scope)} waits: ${wait.label}`);
    });
    listen<{ label: string; scope: Published }>("espalier:wait:end", (wait) => {
      assert.ok(waits.delete(wait));
      log.push(`${starts.get(wait.scope)} goes on`);
    });
    await program();
    assert.deepEqual([...starts.values()], ["main", "good", "slow", "bad"]);
    assert.deepEqual(log, ["slow waits: sleep", "bad waits: sleep", "bad goes on", "main is cancelled", "slow is cancelled", "slow goes on"]);
    assert.equal(waits.size, 0);
  });

  test("begin a task when it is called: one that was still queued when it was cancelled never was", async () => {
    const log: string[] = [];
    listen("espalier:task:start", ({ name }) => log.push(`start ${name}`));
    listen("espalier:task:end", ({ name }) => log.push(`end ${name}`));
    listen("espalier:cancel", ({ name }) => log.push(`cancel ${name}`));
    await taskGroup(
      async (group) => {
        const first = group.spawn((scope) => sleep(1, scope), { name: "first" });
        group.spawn(sleepForever, { name: "second" });
        group.spawn(sleepForever, { name: "third" });
        await first.join();
        await group.checkpoint();
        group.cancel();
      },
      { concurrency: 1, name: "one at a time" },
    ).catch(() => {});
    assert.deepEqual(log, ["start first", "end first", "start second", "cancel one at a time", "cancel second", "end second"]);
  });

  test("bind a store to the start of a task: it is there in the task's function, and all that awaits", async () => {
    const storage = new AsyncLocalStorage<string>();
    const start = channel("espalier:task:start");
    start.bindStore(storage, (message) => (message as Published).name);
    subscribed.push(() => void start.unbindStore(storage));
    const seen: (string | undefined)[] = [];
    await taskGroup((group) => {
      for (const name of ["one", "two"]) {
        group.spawn(
          async (scope) => {
            await sleep(1, scope);
            seen.push(storage.getStore());
          },
          { name },
        );
      }
      seen.push(storage.getStore());
    });
    assert.deepEqual(seen, [undefined, "one", "two"]);
  });

  test("tell of a work as the scope of its call, and as the scope that it runs in", async () => {
    const log: string[] = [];
    listen("espalier:scope:start", ({ name, kind, owner }) => log.push(`start ${kind} ${name} of ${owner?.name}`));
    listen("espalier:scope:end", ({ name, kind, status }) => log.push(`end ${kind} ${name}: ${status}`));
    await taskGroup((group) => inline.run(shout, "hey", group), { name: "main" });
    assert.deepEqual(log, [
      "start taskGroup main of undefined",
      "start work shout of main",
      "start work shout of shout",
      "end work shout: succeeded",
      "end work shout: succeeded",
      "end taskGroup main: succeeded",
    ]);
  });

  test("tell the end of what began before anybody listened to nobody, but show it as an owner", async () => {
    const ends: string[] = [];
    await taskGroup(
      async (group) => {
        listen("espalier:scope:end", ({ name }) => ends.push(name));
        await group.failAfter(1_000, () => {}, { name: "later" });
        listen("espalier:task:start", ({ owner }) => ends.push(`a task of ${owner?.name}`));
        group.spawn(() => {});
      },
      { name: "earlier" },
    );
    assert.deepEqual(ends, ["later", "a task of earlier"]);
  });
});

describe("nobody watches the program", () => {
  test("before somebody subscribes to what the collector has passed by", async () => {
    for (let round = 0; round < 3; round++) {
      (globalThis as unknown as { gc(): void }).gc();
      await new Promise((resolve) => setImmediate(resolve));
    }
    const told = new Set<string>();
    for (const name of ["espalier:task:end", "espalier:scope:end", "espalier:cancel"]) listen(name, () => told.add(name));
    await program();
    assert.equal(told.size, 3);
  });

  test("while nobody subscribes, before and after", async () => {
    assert.equal(watcher, undefined);
    const ends = [1, 2].map(() => {
      const listener = (): void => {};
      subscribe("espalier:wait:end", listener);
      assert.notEqual(watcher, undefined);
      return () => unsubscribe("espalier:wait:end", listener);
    });
    ends[0]!();
    assert.notEqual(watcher, undefined);
    ends[1]!();
    assert.equal(watcher, undefined);
    const storage = new AsyncLocalStorage();
    channel("espalier:task:start").bindStore(storage);
    assert.notEqual(watcher, undefined);
    channel("espalier:task:start").unbindStore(storage);
    assert.equal(watcher, undefined);
  });
});
