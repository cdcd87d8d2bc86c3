import assert from "node:assert/strict";
import { test } from "node:test";
import { checkSnippets } from "./snippets.mjs";
import { outputDifference, snippetsOf } from "./snippets/markdown.mjs";
import { fixtureTree } from "./source/fixture-tree.mjs";

const fence = "```";
/** @param {string} language @param {string} code @param {string} [comment] */
const block = (language, code, comment) => `${comment === undefined ? "" : `<!-- ${comment} -->\n`}${fence}${language}\n${code}\n${fence}\n`;

test("snippetsOf() finds ts blocks alone, with the line where their code begins", () => {
  const markdown = `# Title\n\n${block("ts", "const a = 1;")}\n${block("sh", "npm i")}\n- item\n\n  ${fence}ts\n  const b = 2;\n  ${fence}\n`;
  const { snippets, findings } = snippetsOf("a.md", markdown);
  assert.deepEqual(findings, []);
  assert.deepEqual(snippets.map(({ line, code, mode }) => [line, code, mode]), [[4, "const a = 1;", "run"], [14, "const b = 2;", "run"]]);
});

test("snippetsOf() does not take a block that is quoted inside a longer fence", () => {
  assert.deepEqual(snippetsOf("a.md", `${fence}\`md\n${block("ts", "no")}${fence}\`\n`).snippets, []);
});

test("snippetsOf() obeys the comment directly above, and asks for the reason", () => {
  const { snippets } = snippetsOf("a.md", block("ts", "a", "snippet: types-only (needs the network)") + block("ts", "b", "snippet: fragment (a signature)"));
  assert.deepEqual(snippets.map(({ mode, reason }) => [mode, reason]), [["types-only", "needs the network"], ["fragment", "a signature"]]);
  for (const marker of ["snippet: fragment", "snippet: fragment ()", "snippet: skip (because)"]) {
    const { findings } = snippetsOf("a.md", block("ts", "a", marker));
    assert.match(findings[0] ?? "", /^a\.md:1 says "snippet: /, marker);
  }
});

test("snippetsOf() gives a text block marked as output to the block before it", () => {
  const { snippets } = snippetsOf("a.md", `${block("ts", "console.log(1)")}prints\n\n${block("text", "1", "output")}`);
  assert.deepEqual(snippets[0]?.output, { line: 8, text: "1" });
  assert.match(snippetsOf("a.md", block("text", "1", "output")).findings[0] ?? "", /output of no block that runs/);
});

test("snippetsOf() refuses spellings that would slip through", () => {
  assert.match(snippetsOf("a.md", block("typescript", "x")).findings[0] ?? "", /write `ts`/);
});

test("outputDifference() compares line by line, … standing for any text", () => {
  assert.equal(outputDifference("a\nb …ms\n", "a  \nb 12 ms"), undefined);
  assert.deepEqual(outputDifference("a\nb", "a\nc"), { line: 1, expected: "b", actual: "c" });
  assert.deepEqual(outputDifference("a", "a\nb"), { line: 1, expected: undefined, actual: "b" });
  assert.deepEqual(outputDifference("a.b", "axb"), { line: 0, expected: "a.b", actual: "axb" });
});

test("checkSnippets() runs modules that import the package by its name, and tells type errors, failures and other output by their place", async (context) => {
  const project = fixtureTree(context, {
    "package.json": '{ "name": "lib", "type": "module", "exports": { ".": { "types": "./lib.d.ts", "default": "./lib.js" } } }',
    "lib.js": "export const one = 1;\n",
    "lib.d.ts": "export declare const one: number;\n",
    "README.md": `good\n${block("ts", 'import { one } from "lib";\nawait null;\nconsole.log(one);')}\n${block("text", "1", "output")}`,
    "docs/bad.md": [
      block("ts", 'import { one } from "lib";\nexport const text: string = one;'),
      block("ts", '\nthrow new Error("boom");'),
      block("ts", 'console.log("2");'),
      block("text", "3", "output"),
      block("ts", "throw 1;", "snippet: types-only (fails on purpose)"),
      block("ts", "a => {", "snippet: fragment (not even syntax)"),
    ].join(""),
  });
  const good = await checkSnippets(project, ["README.md"]);
  assert.deepEqual(good.findings, []);
  assert.equal(good.run, 1);
  const { findings, run, checked } = await checkSnippets(project, ["docs/bad.md"]);
  assert.deepEqual([run, checked], [3, 4]);
  const text = findings.join("\n");
  assert.match(text, /docs\/bad\.md:3:14: error TS2322/);
  assert.match(text, /docs\/bad\.md:6 does not run:\n[^]*docs\/bad\.md:7[^]*boom/);
  assert.match(text, /docs\/bad\.md:14 promises another output:\n {4}expected: 3\n {4}printed: {2}2/);
  assert.equal(findings.length, 3);
});
