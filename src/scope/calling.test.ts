import assert from "node:assert/strict";
import { AsyncLocalStorage } from "node:async_hooks";
import { afterEach, describe, test } from "node:test";
import { failAfter, moveOnAfter, run, sleep, TaskGroupError, taskGroup } from "espalier";
import { inline, work } from "espalier/executor";
import { attachProbe, type Probe } from "espalier/lowlevel";
import { testClock } from "espalier/testing";
import { scenario } from "../../tests/conformance/case.ts";

export const answer = work(import.meta, "answer", () => storage.getStore());
const storage = new AsyncLocalStorage<string>();
let attached: Disposable[] = [];

function attach(probe: Probe): void {
  attached.push(attachProbe(probe));
}

/** Whose function runs is what the storage holds. */
const named: Probe = { calling: (scope, call) => storage.run(`${scope.kind} ${scope.name}`, call) };

afterEach(() => {
  for (const one of attached) one[Symbol.dispose]();
  attached = [];
});

describe("a probe that is around the calls of functions", () => {
  test("is around the body of each kind of scope, around each task and each work, and what they await", async () => {
    attach(named);
    const seen: unknown[] = [];
    const note = async (): Promise<void> => {
      await Promise.resolve();
      seen.push(storage.getStore());
    };
    await run(
      async (scope) => {
        await note();
        await scope.failAfter(1_000, note, { name: "limit" });
        await scope.moveOnAfter(1_000, note, { name: "most" });
        await scope.shield(note, { name: "care" });
        await scope.group(
          async (group) => {
            await note();
            group.spawn(note, { name: "child" });
            await (await group.start((_, started) => (started(undefined), note()), group, { name: "started" })).join();
          },
          { name: "family" },
        );
        seen.push(await inline.run(answer, undefined, scope));
        await note();
      },
      { name: "program", signals: [] },
    );
    assert.deepEqual(seen, ["run program", "failAfter limit", "moveOnAfter most", "shield care", "taskGroup family", "task child", "task started", "work answer", "run program"]);
    assert.equal(storage.getStore(), undefined);
  });

  test("is around a cleanup, and around a task that was queued when its place came free", async () => {
    attach(named);
    const seen: unknown[] = [];
    await taskGroup(
      (group) => {
        group.defer(function tidy() {
          seen.push(storage.getStore());
        });
        group.spawn((scope) => sleep(1, scope), { name: "first" });
        group.spawn(() => seen.push(storage.getStore()), { name: "second" });
      },
      { concurrency: 1, clock: testClock() },
    );
    assert.deepEqual(seen, ["task second", "shield tidy"]);
  });

  test("may be one of several: the last one attached is the outermost, and each has its own", async () => {
    const log: string[] = [];
    const around = (name: string): Probe => ({
      calling: (_, call) => {
        log.push(`${name} (`);
        call();
        log.push(`) ${name}`);
      },
    });
    attach(around("inner"));
    attach(around("outer"));
    await failAfter(1_000, () => void log.push("body"));
    assert.deepEqual(log, ["outer (", "inner (", "body", ") inner", ") outer"]);
  });

  scenario("can neither keep a function from being called, nor call it twice, nor see or change what it gives or throws", async ({ clock }) => {
    const answers: unknown[] = [];
    attach({ calling: () => {} });
    attach({
      calling: (_, call) => {
        answers.push(call(), call());
      },
    });
    let calls = 0;
    assert.equal(await failAfter(1, () => ++calls, { clock }), 1);
    const failure = new Error("the function's");
    const thrown = await failAfter(1, () => Promise.reject(failure), { clock }).catch((error: unknown) => error);
    const sync = failAfter(
      1,
      () => {
        throw failure;
      },
      { clock },
    );
    assert.equal(thrown, failure);
    assert.equal(await sync.catch((error: unknown) => error), failure);
    assert.deepEqual(answers, Array.from({ length: 6 }, () => undefined));
  });

  scenario("is detached with one report when it throws, before or after the call; the function runs once all the same", async ({ clock, takeReports }) => {
    const [before, after] = [new Error("before"), new Error("after")];
    attach({
      calling: () => {
        throw before;
      },
    });
    attach({
      calling: (_, call) => {
        call();
        throw after;
      },
    });
    let calls = 0;
    await failAfter(1, () => ++calls, { clock });
    await failAfter(1, () => ++calls, { clock });
    assert.equal(calls, 2);
    assert.deepEqual((await takeReports()).map(({ error }) => error), [before, after]);
  });
});

describe("a probe is told how a scope ended", () => {
  async function endings(program: () => Promise<unknown>): Promise<[name: string, how: string, error?: unknown][]> {
    const told: [string, string, unknown?][] = [];
    attach({ ended: ({ name }, how, error) => told.push(error === undefined ? [name, how] : [name, how, error]) });
    await program().catch(() => {});
    return told;
  }
  const failure = new Error("broken");

  test("succeeded, failed with the very error that its call throws, or cancelled", async () => {
    let thrown: unknown;
    const told = await endings(() =>
      taskGroup(
        (group) => {
          group.spawn(() => {}, { name: "good" });
          group.spawn((scope) => sleep(1, scope), { name: "late" });
          group.spawn(() => Promise.reject(failure), { name: "bad" });
        },
        { name: "group", clock: testClock() },
      ).catch((error: unknown) => (thrown = error)),
    );
    assert.ok(thrown instanceof TaskGroupError);
    assert.deepEqual(told, [["good", "succeeded"], ["bad", "failed", failure], ["late", "cancelled"], ["group", "failed", thrown]]);
  });

  test("a time limit that was reached is a cancellation; one whose body swallowed it is none", async () => {
    const clock = testClock();
    const told = await endings(async () => {
      await moveOnAfter(1, (scope) => sleep(2, scope), { clock, name: "cut" });
      await moveOnAfter(1, (scope) => sleep(2, scope).catch(() => {}), { clock, name: "swallowed" });
      await failAfter(1, (scope) => sleep(2, scope), { clock, name: "limit" });
    });
    assert.deepEqual(told, [["cut", "cancelled"], ["swallowed", "succeeded"], ["limit", "cancelled"]]);
  });

  test("a program and a work, too", async () => {
    const told = await endings(() => run((scope) => inline.run(broken, undefined, scope), { name: "program", signals: [] }));
    assert.deepEqual(told.map(([name, how]) => `${name} ${how}`), ["broken failed", "broken failed", "program failed", "program failed"]);
    assert.ok(told.every(([, , error]) => error === failure));
  });

  const broken = work(import.meta, "broken", () => Promise.reject(failure));
});
