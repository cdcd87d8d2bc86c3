import assert from "node:assert/strict";
import { join } from "node:path";
import { test } from "node:test";
import { runNode } from "../pipeline/command.mjs";
import { root } from "./project.mjs";

/** Or a benchmark would build first. */
const environment = { ESPALIER_DIST: join(root, "dist") };

for (const file of ["tools/test.mjs", "tools/runtimes.mjs", "benches/run.mjs"]) {
  test(`${file} --help says what may be typed, and a mistyped option does so too, and runs nothing`, async () => {
    const [helped, mistyped] = await Promise.all(["--help", "--halp"].map((option) => runNode([join(root, file), option], { environment })));
    assert.equal(helped?.ok, true);
    assert.match(helped.output, /^.*`npm (test|run [\w:]+).*`.*:[^]*--\w+ {2,}/);
    assert.equal(mistyped?.ok, false);
    assert.match(mistyped.output, /^(There is no|Unknown) option '?--halp/);
    assert.ok(mistyped.output.endsWith(helped.output));
  });
}
