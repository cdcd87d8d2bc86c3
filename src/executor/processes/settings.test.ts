import assert from "node:assert/strict";
import { afterEach, describe, test } from "node:test";
import type { ProcessOptions } from "./options.ts";
import { settingsOf } from "./settings.ts";

const { execArgv } = process;
const options = process.env["NODE_OPTIONS"];

/** What the process was started with, for a moment. */
function startedWith(...given: string[]): readonly string[] | undefined {
  process.execArgv = given;
  return settingsOf({}).fork.execArgv;
}

describe("settingsOf()", () => {
  afterEach(() => {
    process.execArgv = execArgv;
    if (options === undefined) delete process.env["NODE_OPTIONS"];
    else process.env["NODE_OPTIONS"] = options;
  });

  test("a process is started as this one was, but without its inspector", () => {
    assert.deepEqual(startedWith("--conditions=own", "--inspect", "--inspect-brk=0.0.0.0:9229", "--inspect-port", "1234", "--inspect-wait", "--expose-gc"), ["--conditions=own", "--expose-gc"]);
    process.env["NODE_OPTIONS"] = "--no-warnings --inspect=9230 --inspect-publish-uid=http";
    assert.equal(settingsOf({}).fork.env?.["NODE_OPTIONS"], "--no-warnings");
  });

  test("nor with what runs a text, tests, or anew at each change", () => {
    assert.deepEqual(startedWith("--input-type=module", "-e", "console.log(1)", "--test", "--test-timeout=5", "--watch", "--watch-path=src", "-r", "./own.cjs"), ["-r", "./own.cjs"]);
    assert.deepEqual(startedWith("--eval=1", "-p", "--conditions=own", "--no-warnings"), ["--no-warnings"]);
  });

  test("what is given is taken as it is", () => {
    const given: ProcessOptions = { execArgv: ["--inspect=0"], env: { NODE_OPTIONS: "--inspect=0" }, argv: ["a"], cwd: "/" };
    const { argv, fork } = settingsOf(given);
    assert.deepEqual([argv, fork.execArgv, fork.env?.["NODE_OPTIONS"], fork.cwd], [["a"], ["--inspect=0"], "--inspect=0", "/"]);
  });

  test("a limit of the heap is one of the runtime", { skip: process.versions["bun"] !== undefined || process.versions["deno"] !== undefined }, () => {
    assert.deepEqual(settingsOf({ execArgv: ["--max-old-space-size=5"], maxMemory: 64 }).fork.execArgv, ["--max-old-space-size=5", "--max-old-space-size=64"]);
  });

  for (const bad of [{ maxMemory: 0 }, { maxMemory: 1.5 }, { maxMemory: NaN }, { maxMemory: Infinity }]) {
    test(`refuses ${Object.keys(bad)[0]}: ${Object.values(bad)[0]}`, () => assert.throws(() => settingsOf(bad), RangeError));
  }

  test("refuses what is no signal", () => {
    for (const cancelSignal of ["sigterm", "", "toString", 15]) assert.throws(() => settingsOf({ cancelSignal: cancelSignal as never }), TypeError);
  });
});
