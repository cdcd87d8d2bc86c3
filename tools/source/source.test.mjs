import assert from "node:assert/strict";
import { test } from "node:test";
import { importsOf, withEmittedExtensions } from "./imports.mjs";
import { parse } from "./parse.mjs";

test("importsOf() gives every specifier with its line, and no string that only looks like one", () => {
  const text = `import a from "./a.ts";
export type { B } from "./b.ts";
export * as c from "./c.ts";
type D = import("./d.ts").D;
const e = import("./e.ts");
import f = require("./f.ts");
const g = 'import h from "./h.ts"'; // import i from "./i.ts"
export const j = 1;
`;
  assert.deepEqual(
    importsOf("x.ts", text).map(({ specifier, line }) => `${line} ${specifier}`),
    ["1 ./a.ts", "2 ./b.ts", "3 ./c.ts", "4 ./d.ts", "5 ./e.ts", "6 ./f.ts"],
  );
});

test("withEmittedExtensions() changes relative .ts imports alone, and no position", () => {
  const text = 'export { a } from "./a.ts";\nexport type B = import("../b.ts").B | import("pkg/c.ts").C;\nexport declare const d: "./d.ts";\n';
  const after = withEmittedExtensions("x.d.ts", text);
  assert.equal(after, text.replace("./a.ts", "./a.js").replace("../b.ts", "../b.js"));
  assert.equal(after.length, text.length);
});

test("parse() names file and line of a syntax error", () => {
  assert.throws(() => parse("x.ts", "const a = 1;\nconst = 2;\n"), /^SyntaxError: x\.ts:2: /);
});
