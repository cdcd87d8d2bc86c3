import assert from "node:assert/strict";
import { once } from "node:events";
import { createServer } from "node:net";
import { join, resolve } from "node:path";
import { test } from "node:test";
import { fixtureTree } from "../source/fixture-tree.mjs";
import { runCommand, runNode } from "./command.mjs";
import { readReport } from "./node-tests.mjs";
import reporter from "./reporter.mjs";
import { runSteps } from "./schedule.mjs";
import { choose, steps } from "./steps.mjs";
import { stepLine, summary, total, withRequirements } from "./summary.mjs";

/** @typedef {import("./schedule.mjs").Step} Step */

/**
 * A step that ends when told to.
 * @param {string} name
 * @param {readonly string[]} [needs]
 */
function controlled(name, needs = []) {
  /** @type {PromiseWithResolvers<import("./schedule.mjs").StepResult>} */
  const { promise, resolve } = Promise.withResolvers();
  const state = { started: false, finish: (ok = true) => resolve({ ok }) };
  /** @type {Step} */
  const step = {
    name,
    about: name,
    needs,
    run: () => {
      state.started = true;
      return promise;
    },
  };
  return { step, state };
}
const never = () => assert.fail("must not run");
const reporterUrl = new URL("./reporter.mjs", import.meta.url).href;
const turn = () => new Promise((resolve) => setImmediate(resolve));

test("runSteps() runs at most width steps at once, and a step only after what it needs", async () => {
  const a = controlled("a");
  const b = controlled("b", ["a"]);
  const c = controlled("c");
  const d = controlled("d");
  const all = [a, b, c, d];
  const started = () => all.filter(({ state }) => state.started).map(({ step }) => step.name).join("");
  const run = runSteps(all.map(({ step }) => step), { width: 2 });
  await turn();
  assert.equal(started(), "ac");
  c.state.finish();
  await turn();
  assert.equal(started(), "acd");
  a.state.finish();
  await turn();
  assert.equal(started(), "abcd");
  b.state.finish();
  d.state.finish();
  assert.deepEqual((await run).map(({ name, ok }) => [name, ok]), [["a", true], ["b", true], ["c", true], ["d", true]]);
});

test("runSteps() does not run what needs a failed step, and says so along the chain", async () => {
  const reports = await runSteps(
    [
      { name: "a", about: "", run: async () => ({ ok: false }) },
      { name: "b", about: "", needs: ["a"], run: never },
      { name: "c", about: "", needs: ["b"], run: never },
    ],
    { width: 2 },
  );
  assert.deepEqual(reports.map(({ ok, blockedBy }) => [ok, blockedBy]), [[false, undefined], [false, "a"], [false, "b"]]);
});

test("runSteps() runs a step after another whatever became of that one", async () => {
  /** @type {string[]} */
  const ran = [];
  const step = (/** @type {string} */ name, ok = true) => ({ name, about: "", run: async () => (ran.push(name), { ok }) });
  const reports = await runSteps([{ ...step("b"), after: ["a"] }, step("a", false)], { width: 2 });
  assert.deepEqual(ran, ["a", "b"]);
  assert.deepEqual(reports.map(({ name, ok }) => [name, ok]), [["b", true], ["a", false]]);
});

test("runSteps() takes a need that is not on the table as met, a step that throws as failed, a circle as a mistake", async () => {
  const [report] = await runSteps([{ name: "a", about: "", needs: ["gone"], run: async () => { throw new Error("boom"); } }], { width: 1 });
  assert.equal(report?.ok, false);
  assert.match(report?.output ?? "", /boom/);
  const circle = [
    { name: "a", about: "", needs: ["b"], run: async () => ({ ok: true }) },
    { name: "b", about: "", needs: ["a"], run: async () => ({ ok: true }) },
  ];
  await assert.rejects(runSteps(circle, { width: 2 }), /wait for each other: a, b/);
});

test("choose() takes the named steps and what they need, in the table's order, and names the steps when one is unknown", () => {
  const table = [
    { name: "build", about: "", run: never },
    { name: "unit", about: "", run: never },
    { name: "dump", about: "", needs: ["build"], run: never },
    { name: "docs", about: "", needs: ["dump"], run: never },
  ];
  const names = (/** @type {string[]} */ chosen) => choose(table, chosen).map(({ name }) => name);
  assert.deepEqual(names([]), ["build", "unit", "dump", "docs"]);
  assert.deepEqual(names(["docs"]), ["build", "dump", "docs"]);
  assert.throws(() => names(["unti"]), /There is no step "unti"\. The steps are: build, unit, dump, docs/);
});

test("the table of steps needs and follows only steps that it has", () => {
  const table = steps({ update: false });
  const names = new Set(table.map(({ name }) => name));
  for (const { name, needs = [], after = [] } of table) {
    for (const other of [...needs, ...after]) assert.ok(names.has(other), `${name} → ${other}`);
  }
});

const passed = { name: "unit", about: "unit tests", ok: true, seconds: 1.25, counts: { passed: 10, failed: 0, skipped: 1 }, untested: ["Bun is not installed"] };
const failed = { name: "lint", about: "the linter", ok: false, seconds: 0.5 };

test("total() counts each test and each step", () => {
  assert.deepEqual(total([passed, failed]), { passed: 11, failed: 1, skipped: 1 });
});

test("summary() ends in the plain closing line, after what could not be tested", () => {
  const lines = summary([passed, failed]).split("\n");
  assert.equal(lines.at(-1), "11 passed, 1 failed, 1 skipped");
  assert.ok(lines.includes("!! NOT TESTED (unit): Bun is not installed"));
  assert.equal(summary([failed]).split("\n").at(-1), "0 passed, 1 failed");
});

test("withRequirements() fails a step that left out what had to be tested", () => {
  assert.deepEqual(withRequirements([passed, failed], []), [passed, failed]);
  assert.deepEqual(withRequirements([passed], ["nginx"]), [passed]);
  const [report] = withRequirements([{ ...passed, untested: ["the proxy: nginx is not there"] }], ["nginx"]);
  assert.equal(report?.ok, false);
  assert.match(report?.note ?? "", /nginx is installed.*left out/);
});

test("stepLine() says why a step did not run", () => {
  assert.match(stepLine({ ...failed, blockedBy: "build" }), /^✖ lint .* – {2}not run: build failed$/);
});

test("runCommand() keeps both streams and tells failure, a missing program and a hang apart from success", async () => {
  const both = await runNode(["-e", "console.log('out'); console.error('err'); process.exitCode = 3"]);
  assert.equal(both.ok, false);
  assert.match(both.output, /out/);
  assert.match(both.output, /err/);
  const killed = await runNode(["-e", "process.kill(process.pid, 'SIGKILL'); setInterval(() => {}, 1000)"]);
  assert.match(killed.output, /ended by SIGKILL/);
  const missing = await runCommand("no-such-program-here", []);
  assert.equal(missing.ok, false);
  assert.match(missing.output, /could not be started/);
  const hung = await runNode(["-e", "setInterval(() => {}, 1000)"], { limit: 50 });
  assert.equal(hung.ok, false);
  assert.match(hung.output, /did not end within 0\.05 s/);
});

test("the reporter counts tests, not suites, and tells failures, skips and files without a test", async (context) => {
  const folder = fixtureTree(context, {
    "a.test.mjs": `
      import { describe, test } from "node:test";
      describe("suite", () => { test("passes", () => {}); test("fails", () => { throw new Error("boom"); }); });
      test("is left out", { skip: "no reason" }, () => {});
      test("outer", async (t) => { await t.test("inner", () => {}); });`,
    "empty.test.mjs": "export {};\n",
  });
  // Without NODE_TEST_CONTEXT, which would make the runner below report to the one that runs this test.
  const { ok, output } = await runNode(["--test", `--test-reporter=${reporterUrl}`, "a.test.mjs", "empty.test.mjs"], {
    folder,
    environment: { NODE_TEST_CONTEXT: undefined },
  });
  assert.equal(ok, false);
  const report = readReport(output);
  assert.deepEqual(report?.counts, { passed: 3, failed: 2, skipped: 1 });
  assert.match(report?.text ?? "", /✖ fails\n {2}a\.test\.mjs:3\n {4}Error: boom/);
  assert.match(report?.text ?? "", /✖ empty\.test\.mjs has no test/);
  assert.deepEqual(report?.skips, ["is left out (a.test.mjs): no reason"]);
});

test("a command that is stopped takes what it started with it", async (context) => {
  // The innermost process connects to us: it has begun when the connection comes, and is gone when that ends.
  const server = createServer();
  context.after(() => server.close());
  await once(server.listen(0, "127.0.0.1"), "listening");
  const { port } = /** @type {import("node:net").AddressInfo} */ (server.address());
  const folder = fixtureTree(context, {
    "hangs.test.mjs": `
      import { spawn } from "node:child_process";
      import { test } from "node:test";
      test("hangs", () => new Promise(() => {
        spawn(process.execPath, ["-e", 'require("node:net").connect(${port}, "127.0.0.1")'], { stdio: "inherit" });
      }));`,
  });
  const stop = new AbortController();
  const connected = once(server, "connection");
  const command = runNode(["--test", `--test-reporter=${reporterUrl}`, "hangs.test.mjs"], {
    folder,
    stop: stop.signal,
    environment: { NODE_TEST_CONTEXT: undefined },
  });
  const [socket] = await connected;
  const gone = new Promise((resolve) => socket.on("error", resolve).on("close", resolve).resume());
  stop.abort();
  const { ok, output } = await command;
  assert.equal(ok, false);
  // Whether the runner had heard of the test itself by then is a matter of time.
  assert.match(output, /✖ hangs(\.test\.mjs)? had not ended\n {2}hangs\.test\.mjs/);
  assert.match(output, /Stopped: it did not end/);
  await gone;
});

test("the reporter names the innermost tests that had not ended when the run was stopped", async () => {
  const file = resolve("a.test.mjs");
  const other = resolve("b.test.mjs");
  async function* events() {
    const begins = (/** @type {string} */ name, /** @type {number} */ nesting, line = 1, of = file) => ({ type: "test:dequeue", data: { name, nesting, line, file: of } });
    yield begins("a.test.mjs", 0);
    yield begins("b.test.mjs", 0, 1, other);
    yield begins("ended", 0, 2);
    yield { type: "test:complete", data: { name: "ended", nesting: 0, line: 2, file } };
    yield begins("suite", 0, 3);
    yield begins("hangs", 1, 4);
    yield { type: "test:interrupted", data: { tests: [] } };
  }
  let text = "";
  for await (const piece of reporter(events())) text += piece;
  const report = readReport(text);
  assert.deepEqual(report?.text.match(/✖ .*/g), ["✖ b.test.mjs had not ended", "✖ hangs had not ended"]);
  assert.equal(report?.counts.failed, 2);
});

test("readReport() is undefined for output without a report", () => {
  assert.equal(readReport("node: bad option\n"), undefined);
  assert.equal(readReport(join("a", "b")), undefined);
});
