/**
 * How a rule is written: what it says, and what it looks at in a file that imports the library. All rules share one reading of a file.
 */
import { Model } from "./model.mjs";

/** @typedef {import("./syntax.mjs").Node} Node */
/** @typedef {{ insertTextBefore(node: Node, text: string): object, insertTextAfter(node: Node, text: string): object, insertTextBeforeRange(range: [number, number], text: string): object, insertTextAfterRange(range: [number, number], text: string): object, replaceText(node: Node, text: string): object }} Fixer */
/** @typedef {(fixer: Fixer) => object | object[]} Fix */
/** @typedef {{ messageId: string, data?: Record<string, string>, fix: Fix }} Suggestion */
/** @typedef {{ node: Node, messageId: string, data?: Record<string, string>, fix?: Fix, suggest?: Suggestion[] }} Report */
/** @typedef {{ sourceCode: import("./bindings.mjs").SourceCode, settings: Record<string, any>, options: readonly any[], report(finding: Report): void }} Context */
/** @typedef {Record<string, (node: Node) => void>} Visitors */
/** @typedef {{ about: string, messages: Record<string, string>, type?: "problem" | "suggestion", fixable?: boolean, suggests?: boolean, schema?: object[] }} Words */

const name = "espalier";
const escape = (/** @type {string} */ text) => text.replaceAll(/[.+?^${}()|[\]\\]/g, "\\$&");

/**
 * Whether a module is the library: it, its subpaths, and what the settings name besides, where `*` stands for anything.
 * @param {Record<string, any>} settings
 */
function packages(settings) {
  const more = /** @type {string[]} */ (settings?.[name]?.packages ?? []);
  const patterns = more.map((one) => new RegExp(`^${escape(one).replaceAll("*", ".*")}$`));
  return (/** @type {string} */ source) => source === name || source.startsWith(`${name}/`) || patterns.some((one) => one.test(source));
}

/** @type {WeakMap<Node, { model: Model, isOurs: (source: string) => boolean, imports: boolean }>} */
const read = new WeakMap();

/** @param {Context} context */
function modelOf({ sourceCode, settings }) {
  const { ast, text } = sourceCode;
  let found = read.get(ast);
  if (found === undefined) {
    const isOurs = packages(settings);
    const declared = ast["body"].some((/** @type {Node} */ one) => typeof one["source"]?.value === "string" && isOurs(one["source"].value));
    const imports = declared || new RegExp(`(?:require|import)\\s*\\(\\s*["']${name}["'/]`).test(text);
    found = { model: new Model(sourceCode, isOurs), isOurs, imports };
    read.set(ast, found);
  }
  return found;
}

/**
 * @param {Words} words
 * @param {(context: Context, model: Model) => Visitors} create called for files that import the library only
 */
export function rule({ about, messages, type = "problem", fixable = false, suggests = false, schema = [] }, create) {
  return {
    meta: { type, docs: { description: about, recommended: true }, messages, schema, hasSuggestions: suggests, ...(fixable ? { fixable: /** @type {const} */ ("code") } : {}) },
    /** @param {Context} context @returns {Visitors} */
    create(context) {
      const { model, imports } = modelOf(context);
      return imports ? create(context, model) : {};
    },
  };
}

/**
 * How code asks whether it is cancelled, with a scope of that kind.
 * @param {{ name: string, kind: string }} scope
 */
export function askCancelled({ name: variable, kind }) {
  return kind === "Cancellable" ? `${variable}.signal.throwIfAborted();` : `${variable}.throwIfCancelled();`;
}

/**
 * Writes a statement as the first of a block, with the block's indentation.
 * @param {Context} context
 * @param {Node} block
 * @param {string} statement
 * @returns {Fix}
 */
export function putFirst({ sourceCode }, block, statement) {
  const [first] = block["body"];
  const start = /** @type {[number, number]} */ ([block.range[0], block.range[0] + 1]);
  const gap = first === undefined ? " " : sourceCode.text.slice(start[1], first.range[0]);
  const space = /^[^\S\n]*\n/.test(gap) ? `\n${gap.slice(gap.lastIndexOf("\n") + 1)}` : " ";
  return (fixer) => fixer.insertTextAfterRange(start, `${space}${statement}${first === undefined && !sourceCode.text.slice(start[1], block.range[1] - 1).includes("\n") ? " " : ""}`);
}
