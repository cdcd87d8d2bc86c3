import assert from "node:assert/strict";
import { test } from "node:test";
import { omissionsOf, skipFindings } from "./skips.mjs";

const file = "src/a.test.ts";
/** @param {string} text */
const hows = (text) => omissionsOf(file, text).map(({ how, test: title }) => `${how} | ${title}`);

test("omissionsOf() finds every way to leave a test out", () => {
  assert.deepEqual(hows('test.skip("a", () => {});'), ["test.skip | a"]);
  assert.deepEqual(hows('it.todo("b");'), ["it.todo | b"]);
  assert.deepEqual(hows('describe.only("c", () => {});'), ["describe.only | c"]);
  assert.deepEqual(hows('test("d", { skip: "slow" }, () => {});'), ["the option skip | d"]);
  assert.deepEqual(hows('test(`e`, { concurrency: 1, todo: true }, () => {});'), ["the option todo | e"]);
  assert.deepEqual(hows('test("f", (t) => { if (old) t.skip("too old"); });'), ["t.skip() | f"]);
  assert.deepEqual(hows('test.skipIf(old)("g", () => {});'), ["test.skipIf | g"]);
  assert.deepEqual(hows('describe("h", () => { it("i", async (context) => { context.todo(); }); });'), ["context.todo() | i"]);
});

test("omissionsOf() leaves other uses of the words alone", () => {
  assert.deepEqual(hows('test("a", () => { cursor.skip(3); parse({ skip: 1 }); list.only(); });'), []);
  assert.deepEqual(hows('test("skip me not", () => {}); // test.skip("x")'), []);
});

test("skipFindings() accepts what the list gives a reason for", () => {
  const tests = new Map([[file, 'test.skip("a", () => {});']]);
  assert.deepEqual(skipFindings(tests, [{ file, test: "a", reason: "needs a browser, see issue 9" }]), []);
});

test("skipFindings() refuses what is not listed, has no reason, or is listed in vain", () => {
  const tests = new Map([[file, '\ntest.skip("a", () => {});']]);
  assert.deepEqual(skipFindings(tests, []), [`${file}:2 test.skip leaves out "a": run it, or give it a place in tests/skips.json with the reason`]);
  assert.deepEqual(skipFindings(tests, [{ file, test: "a", reason: "" }]), [`tests/skips.json gives no reason for "a" of ${file}`]);
  assert.deepEqual(skipFindings(new Map(), [{ file, test: "a", reason: "needs a browser" }]), [
    `tests/skips.json has "a" of ${file}, which is no longer left out: take it off`,
  ]);
});

test("skipFindings() refuses only even when listed", () => {
  const tests = new Map([[file, 'test.only("a", () => {});']]);
  assert.match(skipFindings(tests, [{ file, test: "a", reason: "looking into it today" }])[0] ?? "", /singles out "a"/);
});
