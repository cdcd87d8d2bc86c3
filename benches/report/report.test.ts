import assert from "node:assert/strict";
import { test } from "node:test";
import { figure, report } from "../fixtures/reports.ts";
import type { Compared } from "../revision.ts";
import { amount, withSpread } from "./amount.ts";
import { comparedTable, difference } from "./compared-table.ts";
import { judge, noiseSentence, render } from "./report.ts";
import { table } from "./table.ts";

test("amount() writes three digits that count, and thousands whole", () => {
  assert.deepEqual([0, 0.012345, 0.4567, 1.2345, 45.67, 999.4, 12_345.6].map(amount), ["0", "0.012", "0.457", "1.23", "45.7", "999", "12,346"]);
});

test("withSpread() leaves out a spread that nobody can see", () => {
  assert.equal(withSpread({ value: 1.5, low: 1.2, high: 1.8 }), "1.5 (1.2–1.8)");
  assert.equal(withSpread({ value: 7, low: 7.001, high: 7.002 }), "7");
  assert.equal(withSpread({ value: 7 }), "7");
});

test("render() begins with the command and the machine, and ends with how quiet it was", () => {
  const lines = render(report).split("\n");
  assert.equal(lines[0], "npm run bench dispatch · 2026-11-22 · Node.js 26.10.0 · a processor, 2 cores, linux 6.1 · load 0.04 before it began");
  assert.match(lines.at(-1)!, /1\.01 times its fastest .* 1\.08 times in one run of ten: quiet\. On all cores at once it did the work of 1\.96 of 2 at the worst\.$/);
});

test("render() has a table for each board, in which ours are seen at once, and says once what several lack", () => {
  const text = render(report);
  assert.match(text, /\*\*A task <that waits>\.\*\* 10,000 of them\./);
  assert.match(text, /\| \*\*espalier taskGroup\*\* +\| Node\.js 26\.10\.0 +\| 1\.5 \(1\.2–1\.8\) +\| short +\|/);
  assert.match(text, /^- Measured & weighed\.\n- Not measured, trio nursery; anyio: no Python here has trio\.$/m);
});

test("render() has the columns of a table under each other", () => {
  const rows = render(report).split("\n").filter((line) => line.startsWith("|"));
  const boards = rows.slice(0, 5).map((line) => line.length);
  assert.equal(new Set(boards).size, 1, rows.slice(0, 5).join("\n"));
});

test("render() says of a quick look that its figures mean nothing", () => {
  assert.doesNotMatch(render(report), /no figure means anything/);
  assert.match(render({ ...report, quick: true }), /no figure means anything/);
});

test("table() says what was to be reached and whether it was, and what is missing", () => {
  const [, , first, second] = table([figure, { what: "beside effect", missing: "effect is not installed" }]).split("\n");
  assert.match(first!, /\| 1\.01 µs, taskGroup +\| 0\.408 µs, Promise\.all \| 2\.45 \(1\.69–3\.3\) +\| ≤ 2, at most 2\.5 \| tolerated +\|/);
  assert.match(second!, /beside effect .* effect is not installed .* not measured/);
});

test("judge() is strict with the worst run of ten", () => {
  assert.deepEqual([1, 1.14, 1.15, 1.59, 1.6, 9].map(judge), ["quiet", "quiet", "somewhat noisy", "somewhat noisy", "noisy", "noisy"]);
  assert.match(noiseSentence([{ spins: 1, median: 1, high: 2, cores: { usable: 1, of: 2 } }]), /noisy: repeat what matters on a quiet machine\./);
});

const compared = (way: string, low: number, high: number): Compared => ({ row: "flat", way, base: 1, head: 1, ratio: { median: (low + high) / 2, spread: [low, high], rounds: 9 } });

test("difference() is one only where nine rounds of ten agree", () => {
  assert.deepEqual([compared("a", 0.8, 0.99), compared("b", 0.9, 1.1), compared("c", 1.01, 1.2)].map(difference), ["less", "none", "more"]);
});

test("comparedTable() has first what differs", () => {
  const rows = comparedTable([compared("same", 0.9, 1.1), compared("slower", 1.1, 1.3)]).split("\n").slice(2);
  assert.match(rows[0]!, /slower .* more/);
  assert.match(rows[1]!, /same .* –/);
});
