import { testRule } from "./rule-tester.mjs";

const ts = (/** @type {string} */ code) => `import { callback, work } from "espalier/threads";\n${code}`;

testRule("exported-work", {
  valid: [
    ts(`export const resize = work(import.meta, "resize", (image) => image);`),
    ts(`const resize = work(import.meta, "resize", (image) => image); export { resize };`),
    ts(`const inner = work(import.meta, "resize", (image) => image); export { inner as resize };`),
    ts(`const inner = work(import.meta, "resize", (image) => image); export { inner as resize, inner as old };`),
    ts(`export default work(import.meta, "default", (image) => image);`),
    ts(`export const progress = callback<number>(import.meta, "progress");`),
    { name: "a name that is computed", code: ts(`const resize = work(import.meta, name, (image) => image);`) },
    { name: "a module that is somebody else's", code: ts(`const resize = work({ url }, "resize", (image) => image);`) },
    { name: "handed to a function", code: ts(`export const resize = traced(work(import.meta, "resize", (image) => image));`) },
    { name: "a file that runs them in place", code: `import { inline, work } from "espalier/executor"; const double = work(import.meta, "double", (n) => 2 * n); await inline.run(double, 1, scope);` },
    { name: "not the library's", code: `const work = (meta, name) => name; const a = work(import.meta, "b");` },
  ],
  invalid: [
    {
      code: ts(`export const resize = work(import.meta, "scale", (image) => image);`),
      output: ts(`export const resize = work(import.meta, "resize", (image) => image);`),
      errors: [{ messageId: "name", data: { declared: "scale", exported: "resize" } }],
    },
    {
      code: ts(`const inner = work(import.meta, "inner", (image) => image); export { inner as resize };`),
      output: ts(`const inner = work(import.meta, "resize", (image) => image); export { inner as resize };`),
      errors: [{ messageId: "name" }],
    },
    { code: ts(`export default work(import.meta, "resize", (image) => image);`), output: ts(`export default work(import.meta, "default", (image) => image);`), errors: [{ messageId: "name" }] },
    {
      code: ts(`const resize = work(import.meta, "resize", (image) => image);`),
      errors: [{ messageId: "missing", suggestions: [{ messageId: "export", output: ts(`export const resize = work(import.meta, "resize", (image) => image);`) }] }],
    },
    { name: "in place, and in threads too", code: `import { inline, threads, work } from "espalier/threads"; const double = work(import.meta, "double", (n) => 2 * n);`, errors: [{ messageId: "missing", suggestions: 1 }] },
    { code: ts(`function f() { const resize = work(import.meta, "resize", (image) => image); }`), errors: [{ messageId: "missing" }] },
    { code: ts(`const inner = work(import.meta, "resize", (image) => image);`), errors: [{ messageId: "missing" }] },
    { name: "renamed, through the executor", code: `import { work as declare } from "espalier/executor"; export const a = declare(import.meta, "b", () => 1);`, output: `import { work as declare } from "espalier/executor"; export const a = declare(import.meta, "a", () => 1);`, errors: [{ messageId: "name" }] },
  ],
});
