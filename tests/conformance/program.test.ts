/** K07: `run` as the entry of a program, with real signals, and what keeps a process alive. */
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { moveOnAfter, run, sleep, sleepForever } from "espalier";
import { gate, isA, scenario, thrownBy } from "./case.ts";
import { ChildProgram, type Ended } from "./programs/child-program.ts";

/** Runs a program to its end; each signal is sent when the line before it was said. */
async function play(name: string, ...script: [line: string, signal: NodeJS.Signals][]): Promise<Ended> {
  const program = new ChildProgram(name);
  for (const [line, signal] of script) {
    await program.says(line);
    program.kill(signal);
  }
  return program.ended();
}

const cleanedUp = ["ready", "task ends", "body ends", "deferred cleanup"];

describe("K07: the first signal cancels the root scope of run() and lets it clean up; the exit code is 128 + its number", { concurrency: 2 }, () => {
  for (const [signal, code] of [["SIGINT", 130], ["SIGTERM", 143]] as const) {
    test(`K07: … ${signal}, where the rejection is caught: a CancelledError with source "shutdown"`, async () => {
      const ended = await play("caught", ["ready", signal]);
      assert.deepEqual(ended, { code, signal: null, errors: "", lines: [...cleanedUp, "AbortError shutdown service"] });
    });

    for (const program of ["not caught", "awaited at the top"]) {
      test(`K07: … ${signal}, where the rejection is ${program}`, async () => {
        const { code: actual, signal: killedBy, lines } = await play(program, ["ready", signal]);
        assert.deepEqual([actual, killedBy], [code, null]);
        assert.deepEqual(lines, cleanedUp);
      });
    }
  }

  test("K07: … a signal of the program's choice, and then no other", async () => {
    const ended = await play("own signals", ["ready", "SIGHUP"]);
    assert.deepEqual([ended.code, ended.lines.at(-1)], [129, "AbortError shutdown service"]);
    assert.equal((await play("own signals", ["ready", "SIGINT"])).signal, "SIGINT");
    assert.equal((await play("no signals", ["ready", "SIGTERM"])).signal, "SIGTERM");
  });

  test("K07: … also where the program swallows the cancellation, or fails while it shuts down", async () => {
    const swallows = await play("swallows", ["ready", "SIGINT"]);
    assert.equal(swallows.code, 130);
    assert.ok(swallows.lines.includes("goes on"));
    const fails = await play("fails while it shuts down", ["ready", "SIGINT"]);
    assert.deepEqual([fails.code, fails.lines], [130, ["ready", "caught Error: F"]]);
  });
});

describe("K07: a cleanup that does not end is cut", { concurrency: 2 }, () => {
  test("K07: … by a second signal, at once", async () => {
    const { code, signal, lines } = await play("stuck", ["ready", "SIGINT"], ["cleaning", "SIGINT"]);
    assert.deepEqual([code, signal], [130, null]);
    assert.deepEqual(lines, ["ready", "cleaning"]);
  });

  test("K07: … by the end of the grace, also in a shield", async () => {
    const { code, signal } = await play("stuck, with a grace", ["ready", "SIGTERM"]);
    assert.deepEqual([code, signal], [143, null]);
    const shielded = await play("stuck in a shield, with a grace", ["ready", "SIGINT"]);
    assert.deepEqual([shielded.code, shielded.signal], [130, null]);
  });

  test("K07: … but a grace that is not over keeps nothing alive", async () => {
    const { code, lines } = await play("cleanup within the grace", ["ready", "SIGINT"]);
    assert.deepEqual([code, lines.at(-1)], [130, "AbortError shutdown service"]);
  });
});

describe("only run() and armed deadlines keep a process alive", { concurrency: 2 }, () => {
  const endings: Record<string, [code: number, lines: string[]]> = {
    "succeeds": [0, ["listens 1", "value listens 0"]],
    "fails": [0, ["caught Error: E", "listens 0"]],
    "waits for nothing, in a group": [0, []],
    "sleeps for ever, in a group": [0, []],
    "no limit": [0, []],
    "a limit that nobody needs any more": [0, ["done"]],
    "a limit that is waited for": [0, ["true"]],
    "a sleep": [0, ["awake"]],
  };
  for (const [name, [code, lines]] of Object.entries(endings)) {
    test(`… ${name}`, async () => {
      assert.deepEqual(await play(name), { code, signal: null, errors: "", lines });
    });
  }

  test("… run() does, while it waits for what no event will ever end", async () => {
    const { code, signal } = await play("waits for nothing, in run()", ["ready", "SIGINT"]);
    assert.deepEqual([code, signal], [130, null]);
  });
});

describe("run() without a signal is a plain root", () => {
  scenario("it gives the value, or throws the very error", async ({ clock }) => {
    const E = new Error("E");
    assert.equal(await run((scope) => sleep(10, scope).then(() => "value"), { clock }), "value");
    assert.equal(await thrownBy(run(() => Promise.reject(E), { clock })), E);
    assert.equal(
      await thrownBy(
        run(
          () => {
            throw E;
          },
          { clock },
        ),
      ),
      E,
    );
  });

  scenario("it rejects with a TypeError for what is no function, and a RangeError for a grace that is no number", async ({ clock }) => {
    isA(await thrownBy(run(42 as never, { clock })), TypeError);
    isA(await thrownBy(run(() => assert.fail("called"), { clock, grace: Number.NaN })), RangeError);
  });

  scenario("its listeners go when it has settled, and not before", async ({ clock }) => {
    const count = (): number => process.listenerCount("SIGINT") + process.listenerCount("SIGTERM");
    const before = count();
    const foreign = gate();
    const call = run((scope) => scope.wait(foreign.promise), { clock });
    assert.equal(count(), before + 2);
    foreign.open();
    await call;
    assert.equal(count(), before);
  });

  scenario("what happens to an outer scope happens to it", async ({ clock }) => {
    const fallback = await moveOnAfter(10, (scope) => run(sleepForever, scope), { clock, fallback: "absorbed" });
    assert.equal(fallback, "absorbed");
  });
});
