import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { ApiModel } from "@microsoft/api-extractor-model";
import { extract } from "../api.mjs";
import { fixtureTree } from "../source/fixture-tree.mjs";
import { firstSentence } from "./doc-text.mjs";
import { anchors, page, withoutExample } from "./page.mjs";

/** @typedef {import("./page.mjs").Item} Item */

const declarations = `
/**
 * Waits for \`ms\`. It never
 * fires early, see {@link Clock.now}.
 *
 * A second paragraph.
 *
 * @throws RangeError for NaN.
 * @example
 * \`\`\`ts
 * await sleep(1);
 * \`\`\`
 */
export declare function sleep(ms: number): Promise<void>;
/** Reads {@link Hidden}. */
export declare function clock(): Clock;
/** Time. */
export interface Clock {
    /** Milliseconds; see {@link sleep | the wait}. */
    now(): number;
    zero: number;
}
export interface Odd extends Inner {}
interface Inner {}
export {};
`;

/** @param {import("node:test").TestContext} context */
function extracted(context) {
  const folder = fixtureTree(context, { "package.json": '{ "name": "lib", "version": "1.0.0" }', "dist/index.d.ts": declarations });
  const complaints = extract({ subpath: ".", name: "index", types: "./dist/index.d.ts" }, folder, join(folder, "out"));
  const loaded = new ApiModel().loadPackage(join(folder, "out", "index.api.json"));
  const items = /** @type {Item[]} */ ([...(loaded.entryPoints[0]?.members ?? [])]);
  return { complaints, items, report: readFileSync(join(folder, "out", "index.api.md"), "utf8") };
}

test("the reference says what declarations and their comments say, and the report has every export", (context) => {
  const { complaints, items, report } = extracted(context);
  assert.deepEqual(complaints.map((text) => /\((?<id>[\w-]+)\)$/.exec(text)?.groups?.["id"]).sort(), ["ae-forgotten-export", "ae-unresolved-link"]);
  assert.match(report, /export function sleep\(ms: number\): Promise<void>;/);

  const text = page("lib", items, (name) => (anchors(items).has(name) ? `#${anchors(items).get(name)}` : undefined));
  assert.match(text, /^- \[`sleep`\]\(#sleep\): Waits for `ms`\.$/m);
  assert.match(text, /^## sleep\n\n<!-- snippet: fragment \(signature\) -->\n```ts\nfunction sleep\(ms: number\): Promise<void>;\n```$/m);
  assert.match(text, /fires early, see \[`Clock\.now`\]\(#clock-type\)\.\n\nA second paragraph\.\n\n\*\*Throws\*\* RangeError for NaN\.\n\n```ts\nawait sleep\(1\);\n```/);
  assert.match(text, /^- `now\(\): number`: Milliseconds; see \[the wait\]\(#sleep\)\.\n- `zero: number`$/m);
  assert.match(text, /Reads `Hidden`\./);
  assert.match(text, /^## Clock \(type\)$/m);
  assert.deepEqual(withoutExample(items), ["clock"]);
});

test("anchors() tells a function from a type whose name differs in case alone", (context) => {
  const { items } = extracted(context);
  assert.deepEqual(Object.fromEntries(anchors(items)), { clock: "clock", sleep: "sleep", Clock: "clock-type", Odd: "odd" });
});

test("firstSentence() ends at the sentence, not at a dot inside one", () => {
  assert.equal(firstSentence("Waits, e.g. for 2.5 s, then\nends. More."), "Waits, e.g. for 2.5 s, then ends.");
  assert.equal(firstSentence("No full stop"), "No full stop");
  assert.equal(firstSentence("One.\n\nTwo."), "One.");
});
