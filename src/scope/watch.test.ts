import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { moveOnAfter, sleep, taskGroup } from "espalier";
import { attachProbe, type Probe } from "espalier/lowlevel";
import { same, scenario } from "../../tests/conformance/case.ts";
import { turn } from "../../tests/runtimes/runtime.ts";
import { watcher } from "./watch.ts";

/** A program with every fact in it. */
const program = (clock: Parameters<Parameters<typeof scenario>[1]>[0]["clock"]): Promise<string> =>
  taskGroup(
    async (group) => {
      group.spawn((scope) => sleep(1_000, scope), { name: "sleeper" });
      await sleep(1, group);
      group.cancel();
      return "value";
    },
    { clock, name: "group" },
  );

/** A probe that writes down what it is told. */
function recorder(): Probe & { log: string[] } {
  const log: string[] = [];
  return {
    log,
    opened: ({ kind, name, owner }) => log.push(`opened ${kind} ${name}${owner === undefined ? "" : ` of ${owner.name}`}`),
    ended: ({ name }) => log.push(`ended ${name}`),
    cancelled: ({ name }) => log.push(`cancelled ${name}`),
    parked: ({ label, scope }) => log.push(`parked ${label} in ${scope.name}`),
    unparked: ({ label, scope }) => log.push(`unparked ${label} in ${scope.name}`),
    refused: ({ name }, call) => log.push(`refused ${call} in ${name}`),
    dropped: ({ name }, error) => log.push(`dropped ${String(error)} in ${name}`),
  };
}

const story = [
  "opened taskGroup group",
  "opened task sleeper of group",
  "parked sleep in sleeper",
  "parked sleep in group",
  "unparked sleep in group",
  "cancelled group",
  "cancelled sleeper",
  "unparked sleep in sleeper",
  "ended sleeper",
  "ended group",
];

// Before any test clock is made: those watch too, through one probe that stays.
test("attachProbe() leaves nobody watching when the last one is disposed, also twice", () => {
  const attached = [recorder(), recorder()].map(attachProbe);
  for (const one of attached) {
    assert.notEqual(watcher, undefined);
    one[Symbol.dispose]();
    one[Symbol.dispose]();
  }
  assert.equal(watcher, undefined);
});

test("attachProbe() of a probe that wants to know nothing leaves nobody watching", () => {
  using _ = attachProbe({});
  assert.equal(watcher, undefined);
});

describe("attachProbe()", () => {
  scenario("attachProbe() tells each fact once, in order", async ({ clock }) => {
    const probe = recorder();
    const attached = attachProbe(probe);
    await program(clock);
    attached[Symbol.dispose]();
    assert.deepEqual(probe.log, story);
  });

  scenario("attachProbe() tells nothing after it was disposed", async ({ clock }) => {
    const probe = recorder();
    const attached = attachProbe(probe);
    attached[Symbol.dispose]();
    attached[Symbol.dispose]();
    await program(clock);
    assert.deepEqual(probe.log, []);
  });

  scenario("attachProbe() calls the probe's methods as methods, and takes a probe of a single one", async ({ clock }) => {
    class Counter implements Probe {
      opens = 0;
      opened(): void {
        this.opens++;
      }
    }
    const counter = new Counter();
    const attached = attachProbe(counter);
    await program(clock);
    attached[Symbol.dispose]();
    assert.equal(counter.opens, 2);
  });

  scenario("attachProbe() of several tells all; the same probe twice is two", async ({ clock }) => {
    const [first, second] = [recorder(), recorder()];
    const attached = [first, second, second].map(attachProbe);
    await program(clock);
    for (const one of attached) one[Symbol.dispose]();
    assert.deepEqual(first.log, story);
    assert.deepEqual(second.log, story.flatMap((fact) => [fact, fact]));
  });
});

describe("K05: a probe that throws", () => {
  for (const fact of ["opened", "ended", "cancelled", "parked", "unparked"] as const) {
    scenario(`K05: in ${fact} is detached with one report; others and the program go on`, async ({ clock, takeReports }) => {
      const error = new Error("the probe's");
      const faulty = recorder();
      faulty[fact] = () => {
        throw error;
      };
      const sound = recorder();
      const attached = [faulty, sound].map(attachProbe);
      assert.equal(await program(clock), "value");
      for (const one of attached) one[Symbol.dispose]();
      const reports = await takeReports();
      same(reports.map((report) => report.error), [error]);
      assert.deepEqual(sound.log, story);
      assert.equal(story.indexOf(faulty.log.at(-1) ?? ""), story.findIndex((line) => line.startsWith(fact)) - 1, "told nothing afterwards");
    });
  }
});

scenario("a probe is told of an operation that a cancelled scope refuses, and of a rejection that comes too late for anybody", async () => {
  const probe = recorder();
  const attached = attachProbe(probe);
  let reject!: (reason: unknown) => void;
  const late = new Promise<never>((_, fail) => (reject = fail));
  await moveOnAfter(Infinity, async (scope) => {
    const waiting = scope.wait(late);
    scope.cancel();
    await waiting.catch(() => {});
    await sleep(1, scope);
  }, { name: "cut" });
  reject("too late");
  await taskGroup((group) => group.checkpoint());
  attached[Symbol.dispose]();
  same(probe.log.filter((line) => /^(refused|dropped)/.test(line)), ["refused sleep() in cut", "dropped too late in cut"]);
});

scenario("modules that are loaded while somebody watches, as chunks of a bundle may be, tell nothing", async () => {
  const probe = recorder();
  const attached = attachProbe(probe);
  const modules = ["../task/scopes.ts", "../task/sleep.ts"].map((name) => `${name}?loaded-later`);
  for (const name of modules) assert.ok(Object.keys((await import(name)) as object).length > 0);
  await turn();
  attached[Symbol.dispose]();
  assert.deepEqual(probe.log, []);
});
