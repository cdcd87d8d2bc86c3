/** The line of the program that called something of ours: read from what each engine writes of a stack. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { Trace } from "../../src/host/trace.ts";

/** Stands for a function of the library. */
function called(): Trace {
  return Trace.ofCaller();
}

/** What is told of a stack that another engine wrote. */
function placeIn(stack: string): string | undefined {
  const { prepareStackTrace } = Error;
  Error.prepareStackTrace = () => stack;
  try {
    return called().place;
  } finally {
    Object.assign(Error, { prepareStackTrace });
  }
}

test("a trace begins with the line that called the function which made it", () => {
  const trace = called();
  assert.match(trace.stack.split("\n")[0] ?? "", /trace\.test\.ts:2\d/);
  assert.match(trace.place ?? "", /^\/.*trace\.test\.ts:2\d$/);
});

const frames: Record<string, string> = {
  "V8, in a function": "    at async report (file:///srv/app.ts:12:3)",
  "V8, at the top": "    at file:///srv/app.ts:12:3",
  "V8, awaited at the top": "    at async file:///srv/app.ts:12:3",
  "V8, a path with brackets": "    at new Report (/srv (old)/app.ts:12:3)",
  "Safari and Firefox": "report@file:///srv/app.ts:12:3",
  "Firefox, without a name": "@file:///srv/app.ts:12:3",
};
for (const [engine, frame] of Object.entries(frames)) {
  test(`the place of a trace is read from what the engine writes: ${engine}`, () => {
    const ours = frame.startsWith(" ") ? "Error\n    at ofCaller (file:///x.js:1:1)\n    at acquire (file:///x.js:2:1)" : "ofCaller@x.js:1:1\nacquire@x.js:2:1";
    assert.equal(placeIn(`${ours}\n${frame}\nlast@x.js:9:9`), engine.endsWith("brackets") ? "/srv (old)/app.ts:12" : "/srv/app.ts:12");
  });
}

test("what of ours follows is left out too: of a caller that ended with the call Bun keeps no frame", () => {
  const [ours, caller] = ["/node_modules/espalier/dist", "/srv/app.ts:7:3"];
  const stack = ["host/trace.js", "sync/pool.js", "task/group.js"].map((file) => `    at fn (${ours}/${file}:1:1)`);
  assert.equal(placeIn([...stack, `    at fn (${caller})`].join("\n")), "/srv/app.ts:7");
  assert.equal(placeIn(stack.join("\n")), `${ours}/task/group.js:1`);
});

test("a trace of an engine without stacks has no place", () => {
  assert.equal(placeIn("Error"), undefined);
  assert.equal(placeIn(""), undefined);
});
