import assert from "node:assert/strict";
import { test } from "node:test";
import { wantsColour } from "./terminal.ts";

test("wantsColour() colours a terminal, and nothing that is piped", () => {
  assert.equal(wantsColour({ isTTY: true }, {}), true);
  assert.equal(wantsColour({}, {}), false);
  assert.equal(wantsColour({ isTTY: true }, { TERM: "dumb" }), false);
});

test("wantsColour() obeys NO_COLOR before anything else, unless it is empty", () => {
  assert.equal(wantsColour({ isTTY: true }, { NO_COLOR: "1", FORCE_COLOR: "1" }), false);
  assert.equal(wantsColour({ isTTY: true }, { NO_COLOR: "" }), true);
});

test("wantsColour() colours a pipe when FORCE_COLOR asks for it", () => {
  assert.equal(wantsColour({}, { FORCE_COLOR: "1" }), true);
  assert.equal(wantsColour({ isTTY: true }, { FORCE_COLOR: "0" }), false);
});
