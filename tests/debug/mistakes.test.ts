import assert from "node:assert/strict";
import { afterEach, beforeEach, describe, test } from "node:test";
import { isCancelled, moveOnAfter, type Scope, sleep, sleepForever, taskGroup } from "espalier";
import { configureDebug, type DebugReport, onReport, reportText } from "espalier/debug";
import { testClock } from "espalier/testing";
import { settings } from "../../src/debug/settings.ts";

let reports: DebugReport[];
let listening: Disposable;
/** What waits for real time to pass. */
let timers: (() => void)[];
const real = { ...settings };

beforeEach(() => {
  reports = [];
  timers = [];
  listening = onReport((report) => reports.push(report));
  // The machine may be busy.
  settings.blocked = 60_000;
  settings.later = (_, callback) => void timers.push(callback);
});
afterEach(() => {
  for (const fire of timers) fire();
  listening[Symbol.dispose]();
  Object.assign(settings, real);
});

const kinds = (): string[] => reports.map(({ kind }) => kind);
const here = /mistakes\.test\.ts:\d+$/;

describe("a forgotten await", () => {
  test("is told when the function has ended, with the line of the operation", async () => {
    await taskGroup((group) => void group.spawn((scope) => void sleep(1_000, scope), { name: "careless" }), { name: "main" });
    const [report] = reports;
    assert.deepEqual(kinds(), ["forgotten-await"]);
    assert.deepEqual([report!.name, report!.path], ["careless", ["main", "careless"]]);
    assert.match(report!.standsAt!, /^sleep, /);
    assert.match(report!.standsAt!, here);
    assert.match(report!.spawnedAt!, here);
  });

  test("is not told of what was awaited, cancelled or not", async () => {
    await taskGroup(async (group) => {
      group.spawn((scope) => sleep(1, scope));
      await moveOnAfter(1, (scope) => sleepForever(scope));
    });
    assert.deepEqual(kinds(), []);
  });
});

describe("a cancellation that does not get through", () => {
  test("is told of a task that caught it and returned as if nothing had been, with the line where it was thrown", async () => {
    await taskGroup(
      async (group) => {
        group.spawn((scope) => sleepForever(scope).catch(() => "fine"), { name: "deaf" });
        group.cancel();
      },
      { clock: testClock() },
    );
    assert.deepEqual(kinds(), ["swallowed-cancellation"]);
    assert.match(reports[0]!.what, /"deaf" was cancelled .* once, and returned as if nothing had been/);
    assert.match(reports[0]!.standsAt!, here);
  });

  test("counts how often it was thrown, also by operations that were refused", async () => {
    await taskGroup(
      async (group) => {
        group.spawn(async (scope) => {
          for (let n = 0; n < 3; n++) await sleep(10, scope).catch(() => {});
        });
        group.cancel();
      },
      { clock: testClock() },
    );
    assert.match(reports[0]!.what, /thrown that 3 times/);
  });

  test("is not told of a task that threw it on, that never met it, or that absorbed a time limit of its own", async () => {
    await taskGroup(
      async (group) => {
        group.spawn((scope) => sleepForever(scope));
        group.spawn(() => "done at once");
        group.spawn(async (scope) => {
          await scope.moveOnAfter(1, (inner) => sleepForever(inner));
          return "in time";
        });
        await sleep(10, group);
        group.cancel();
      },
      { clock: testClock() },
    );
    assert.deepEqual(kinds(), []);
  });

  test("is told of a task that goes on after the grace, once, and says that nothing was thrown to it", async () => {
    configureDebug({ cancelGrace: 0.001 });
    let end!: () => void;
    await taskGroup(async (group) => {
      group.spawn(() => new Promise<void>((resolve) => (end = resolve)), { name: "foreign" });
      group.cancel();
      await Promise.resolve();
      for (const fire of timers.splice(0)) fire();
      for (const fire of timers.splice(0)) fire();
      end();
    });
    assert.deepEqual(kinds(), ["stuck-cancellation"]);
    assert.match(reports[0]!.what, /"foreign" still runs .* Nothing has been thrown to it/);
  });

  test("is told of the innermost that goes on, and of who has waited for that only if it goes on then", async () => {
    configureDebug({ cancelGrace: 0.001 });
    const told: string[][] = [];
    const ends: (() => void)[] = [];
    const foreign = (): Promise<void> => new Promise((resolve) => ends.push(resolve));
    const look = async (): Promise<void> => {
      await new Promise((resolve) => setImmediate(resolve));
      for (let round = 0; round < 3; round++) for (const fire of timers.splice(0)) fire();
    };
    await taskGroup(async (group) => {
      const around = (scope: Scope): Promise<unknown> => scope.group((inner) => void inner.spawn(foreign, { name: "inner" })).then(foreign, foreign);
      group.spawn((scope) => scope.group((middle) => void middle.spawn(around, { name: "around" })), { name: "outer" });
      await new Promise((resolve) => setImmediate(resolve));
      group.cancel();
      for (let at = 0; at < 2; at++) {
        await look();
        told.push(reports.map(({ name }) => name));
        ends[at]!();
      }
    });
    assert.deepEqual(told, [["inner"], ["inner", "around"]]);
    assert.deepEqual(kinds(), ["stuck-cancellation", "stuck-cancellation"]);
  });

  test("is not told of cleanup in a shield", async () => {
    configureDebug({ cancelGrace: 0.001 });
    await taskGroup(async (group) => {
      let end!: () => void;
      group.spawn(async (scope) => {
        try {
          await sleepForever(scope);
        } finally {
          await scope.shield(() => new Promise<void>((resolve) => (end = resolve)));
        }
      });
      group.cancel();
      while (end === undefined) await Promise.resolve();
      for (const fire of timers.splice(0)) fire();
      end();
    });
    assert.deepEqual(kinds(), []);
  });
});

test("an error of a promise that a scope had left is told", async () => {
  let fail!: (error: Error) => void;
  const late = new Promise<never>((_, reject) => (fail = reject));
  await moveOnAfter(
    Infinity,
    async (scope) => {
      const waiting = scope.wait(late);
      scope.cancel();
      await waiting;
    },
    { name: "impatient" },
  );
  fail(new Error("too late"));
  await taskGroup((group) => group.checkpoint());
  assert.deepEqual(kinds(), ["lost-error"]);
  assert.equal((reports[0]!.error as Error).message, "too late");
});

test("in a burst few stacks are taken: what has none is told to be near one that has, and where it stands without the line", async () => {
  configureDebug({ stacks: 10 });
  await taskGroup((group) => {
    for (let n = 0; n < 40; n++) group.spawn((scope) => void sleep(1_000, scope), { name: `${n}` });
  }, { name: "main" });
  const told = reports.filter(({ kind }) => kind === "forgotten-await");
  assert.equal(told.length, 40);
  assert.match(told[0]!.spawnedAt!, here);
  assert.match(told[0]!.standsAt!, here);
  assert.match(told[38]!.spawnedAt!, /mistakes\.test\.ts:\d+ \(or near it: one of very many\)$/);
  assert.equal(told[38]!.standsAt, "sleep");
});

test("a clean program of 10,000 tasks gives no report", async () => {
  await taskGroup(async (group) => {
    for (let n = 0; n < 5_000; n++) group.spawn((scope) => sleep(n % 7, scope));
    await group.moveOnAfter(3, (scope) => scope.map(Array.from({ length: 5_000 }), (_, own) => sleep(1, own), { concurrency: 100 }));
  });
  for (const fire of timers.splice(0)) fire();
  assert.deepEqual(kinds(), []);
});

test("a report as a text has the task, where it was started and stood, and what to do", async () => {
  await taskGroup((group) => void sleep(1_000, group), { name: "main" });
  const lines = reportText(reports[0]!).split("\n");
  assert.equal(lines[0], 'forgotten-await: "sleep" was still pending when "main" had ended, and was let go.');
  assert.deepEqual(lines.slice(1).map((line) => line.trim().split(" ", 1)[0]), ["task", "started", "stood", "to"]);
});

test("what is no time is refused", () => {
  for (const wrong of [{ cancelGrace: Number.NaN }, { blocked: 0 }, { stacks: -1 }, { patience: "1" as never }]) assert.throws(() => configureDebug(wrong), RangeError);
  assert.doesNotThrow(() => configureDebug({ exhausted: undefined }));
  assert.throws(() => onReport(undefined as never), TypeError);
  assert.equal(isCancelled(undefined), false);
});
