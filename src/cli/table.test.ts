import assert from "node:assert/strict";
import { test } from "node:test";
import pc from "picocolors";
import { type Column, renderTable } from "./table.ts";
import { plainColours } from "./terminal.ts";

const columns: readonly Column[] = [
  { head: "way", align: "left" },
  { head: "time", align: "right" },
  { head: "count", align: "right" },
];

test("renderTable() aligns names left and figures right, two spaces apart, without borders", () => {
  const text = renderTable(columns, [["Promise.all", "9 ms", "1,000"], ["map", "10 ms", "0"]], plainColours);
  assert.equal(text, ["way           time  count", "Promise.all   9 ms  1,000", "map          10 ms      0"].join("\n"));
});

test("renderTable() lets heads of several lines stand on the last one", () => {
  const text = renderTable([{ head: "way", align: "left" }, { head: "started\nafter", align: "right" }], [["map", "0"]], plainColours);
  assert.equal(text, ["     started", "way    after", "map        0"].join("\n"));
});

test("renderTable() lets a row speak over all its columns", () => {
  const text = renderTable(columns, [["Promise.all", "9 ms", "1,000"], { first: "p-limit", rest: "not there" }], plainColours);
  assert.equal(text.split("\n")[2], "p-limit      not there");
});

test("renderTable() aligns coloured cells as it aligns plain ones", () => {
  const colours = pc.createColors(true);
  const coloured = renderTable(columns, [[colours.bold("map"), colours.red("9 ms"), "0"], ["all", "10 ms", "1"]], colours);
  const plain = renderTable(columns, [["map", "9 ms", "0"], ["all", "10 ms", "1"]], plainColours);
  assert.notEqual(coloured, plain);
  assert.equal(coloured.replaceAll(/\u001b\[\d+m/g, ""), plain);
});
