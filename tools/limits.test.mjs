import assert from "node:assert/strict";
import { test } from "node:test";
import { examine, fileLimit, functionLimit, lengthFindings, refusedName } from "./limits.mjs";
import { fixtureTree } from "./source/fixture-tree.mjs";

const lines = (/** @type {number} */ count) => "// line\n".repeat(count);

test("lengthFindings() lets a file of exactly the limit pass and refuses one line more", () => {
  assert.deepEqual(lengthFindings("src/a.ts", lines(fileLimit)), []);
  assert.match(lengthFindings("src/a.ts", lines(fileLimit + 1))[0]?.message ?? "", /^has 401 lines \(at most 400\)/);
});

test("lengthFindings() names a function over the limit, whatever its form, and its line", () => {
  const body = (/** @type {number} */ count) => `{\n${lines(count - 2)}}`;
  const forms = {
    long: `\nfunction long() ${body(61)}\n`,
    arrow: `\nexport const arrow = () => ${body(61)};\n`,
    method: `\nclass A { method() ${body(61)} }\n`,
  };
  for (const [name, text] of Object.entries(forms)) {
    const [finding] = lengthFindings("src/a.ts", text);
    assert.equal(finding?.line, 2);
    assert.match(finding?.message ?? "", new RegExp(`^${name} has 61 lines \\(at most ${functionLimit}\\)`));
  }
  assert.deepEqual(lengthFindings("src/a.ts", `function fits() ${body(60)}\n`), []);
});

test("lengthFindings() does not count functions in tests", () => {
  assert.deepEqual(lengthFindings("src/a.test.ts", `describe("a", () => {\n${lines(100)}});\n`), []);
});

test("refusedName() refuses folders and files that say nothing", () => {
  for (const file of ["src/utils/a.ts", "src/task/helpers.ts", "src/common.ts", "tests/misc.test.ts", "src/types.ts", "src/scope/constants.ts"]) {
    assert.notEqual(refusedName(file), undefined, file);
  }
  for (const file of ["src/task/group.ts", "src/errors/timeout.test.ts", "src/scope/commons.ts", "tests/types/all.test-d.ts"]) {
    assert.equal(refusedName(file), undefined, file);
  }
});

test("examine() lifts the limits, not the refusal of names, for a file that a decision record names", (context) => {
  const folder = fixtureTree(context, {
    "src/task/group.ts": lines(500),
    "src/task/utils.ts": lines(500),
    "docs/decisions/0007-one-machine.md": "`src/task/group.ts` and `src/task/utils.ts` are state machines read from top to bottom.\n",
  });
  const { findings } = examine(folder);
  assert.deepEqual(findings.map(({ file, message }) => [file, message.slice(0, 17)]), [["src/task/utils.ts", 'is called "utils"']]);
});
