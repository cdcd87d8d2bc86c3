/**
 * One page of the reference: a subpath's exports, each with its signature, what it promises and a runnable example.
 */
import { docText, firstSentence } from "./doc-text.mjs";

/** @typedef {import("@microsoft/api-extractor-model").ApiDeclaredItem} Item */
/** @typedef {import("./doc-text.mjs").LinkTarget} LinkTarget */

const groups = [
  { title: "Functions", kinds: ["Function"] },
  { title: "Classes", kinds: ["Class"] },
  { title: "Values", kinds: ["Variable"] },
  { title: "Types", kinds: ["Interface", "TypeAlias"] },
];

/**
 * The name under which it is exported: one that a global has as well gets a number from API Extractor (`external_2`).
 * @param {Item} item
 */
function nameOf({ displayName }) {
  return displayName.replace(/_\d+$/, "");
}

/**
 * The exports of a subpath in the order of the page.
 * @param {readonly Item[]} items
 */
export function ordered(items) {
  return groups.flatMap(({ title, kinds }) =>
    items
      .filter((item) => kinds.includes(item.kind))
      .sort((a, b) => nameOf(a).localeCompare(nameOf(b), "en"))
      .map((item) => ({ title, item })),
  );
}

/**
 * The heading of each export; overloads share one. A type whose name differs from a function's in case alone says that it
 * is a type: its anchor would be the function's.
 * @param {readonly Item[]} items
 * @returns {Map<string, string>}
 */
function headings(items) {
  /** @type {Map<string, string>} */
  const found = new Map();
  const taken = new Set();
  for (const { item } of ordered(items)) {
    const name = nameOf(item);
    if (found.has(name)) continue;
    found.set(name, taken.has(name.toLowerCase()) ? `${name} (type)` : name);
    taken.add(name.toLowerCase());
  }
  return found;
}

/**
 * The anchor of each export's heading.
 * @param {readonly Item[]} items
 * @returns {Map<string, string>}
 */
export function anchors(items) {
  return new Map([...headings(items)].map(([name, heading]) => [name, heading.toLowerCase().replaceAll(/[()]/g, "").replaceAll(" ", "-")]));
}

/** @param {Item} item */
const comment = (item) => /** @type {import("@microsoft/api-extractor-model").ApiDocumentedItem} */ (/** @type {unknown} */ (item)).tsdocComment;

/** @param {Item} item */
const signature = (item) => item.excerpt.text.replace(/^export (declare )?/, "").trim();

/**
 * The sections of a doc comment after its first: remarks, what it throws, examples.
 * @param {Item} item
 * @param {LinkTarget} target
 */
function details(item, target) {
  const doc = comment(item);
  if (doc === undefined) return [];
  const tagged = (/** @type {string} */ tag) =>
    doc.customBlocks.filter((block) => block.blockTag.tagNameWithUpperCase === tag).map((block) => docText(block.content, target));
  const throwing = tagged("@THROWS");
  return [
    docText(doc.remarksBlock?.content, target),
    docText(doc.returnsBlock?.content, target).replace(/^(?=.)/s, "**Returns** "),
    ...(throwing.length > 0 ? [`**Throws** ${throwing.join(" ")}`] : []),
    ...tagged("@EXAMPLE"),
  ].filter((text) => text !== "");
}

/**
 * The members of a class or an interface that have something to say, one line each.
 * @param {Item} item
 * @param {LinkTarget} target
 */
function members(item, target) {
  return item.members
    .map((member) => /** @type {Item} */ (member))
    .filter((member) => member.excerpt !== undefined)
    .map((member) => {
      // What the model says of a constructor without a comment says nothing.
      const text = docText(comment(member)?.summarySection, target).replaceAll(/\s*\n\s*/g, " ").replace(/^Constructs a new instance of the .* class$/, "");
      const code = signature(member).replaceAll(/\s*\n\s*/g, " ").replace(/;$/, "");
      return `- \`${code}\`${text === "" ? "" : `: ${text}`}`;
    });
}

/**
 * @param {string} name what is imported, such as `espalier/testing`
 * @param {readonly Item[]} items
 * @param {LinkTarget} target
 */
export function page(name, items, target) {
  const all = ordered(items);
  const place = anchors(items);
  const titles = headings(items);
  const lines = [`# \`${name}\``, "", "<!-- Made by `npm run docs` from the doc comments in src/. -->", ""];
  for (const { title } of groups) {
    const rows = all.filter((entry) => entry.title === title && comment(entry.item) !== undefined);
    const named = rows.filter(({ item }, index) => rows.findIndex((other) => nameOf(other.item) === nameOf(item)) === index);
    if (named.length === 0) continue;
    lines.push(`**${title}**`, "");
    for (const { item } of named) {
      const sentence = firstSentence(docText(comment(item)?.summarySection, target));
      lines.push(`- [\`${nameOf(item)}\`](#${place.get(nameOf(item))})${sentence === "" ? "" : `: ${sentence}`}`);
    }
    lines.push("");
  }
  let before = "";
  for (const { item } of all) {
    if (nameOf(item) !== before) lines.push(`## ${titles.get(nameOf(item))}`, "");
    before = nameOf(item);
    const container = item.kind === "Class" || item.kind === "Interface";
    lines.push("<!-- snippet: fragment (signature) -->", "```ts", signature(item), "```", "");
    const summary = docText(comment(item)?.summarySection, target);
    if (summary !== "") lines.push(summary, "");
    if (container) {
      const list = members(item, target);
      if (list.length > 0) lines.push(...list, "");
    }
    for (const text of details(item, target)) lines.push(text, "");
  }
  return `${lines.join("\n").trimEnd()}\n`;
}

/**
 * The functions and classes whose doc comment shows no example that can be run.
 * @param {readonly Item[]} items
 */
export function withoutExample(items) {
  return items
    .filter(({ kind }) => kind === "Function" || kind === "Class")
    .filter((item) => {
      const examples = (comment(item)?.customBlocks ?? []).filter((block) => block.blockTag.tagNameWithUpperCase === "@EXAMPLE");
      return !examples.some((block) => docText(block.content, () => undefined).includes("```ts"));
    })
    .map(nameOf);
}
