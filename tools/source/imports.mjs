/**
 * What a module imports: statements, re-exports, `import()` and the types it names by `import("…")`. Types count.
 */
import { parse, walk } from "./parse.mjs";

/** @typedef {{ specifier: string, line: number, start: number, end: number }} Import the range is that of the literal, quotes included */

/**
 * @param {string} file
 * @param {string} text
 * @returns {Import[]} in the order of the text
 */
export function importsOf(file, text) {
  const { program, line } = parse(file, text);
  /** @type {Import[]} */
  const found = [];
  walk(program, (node) => {
    const source = importSource(node);
    if (source?.type !== "Literal" || typeof source["value"] !== "string") return;
    found.push({ specifier: source["value"], line: line(node.start), start: source.start, end: source.end });
  });
  return found;
}

/**
 * @param {import("./parse.mjs").Node} node
 * @returns {import("./parse.mjs").Node | undefined}
 */
function importSource(node) {
  switch (node.type) {
    case "ImportDeclaration":
    case "ExportAllDeclaration":
    case "ExportNamedDeclaration":
    case "ImportExpression":
    case "TSImportType":
      return node["source"] ?? undefined;
    case "TSExternalModuleReference":
      return node["expression"];
    default:
      return undefined;
  }
}

/**
 * The text with `.js` for `.ts` in its relative imports, as long as before: maps of it stay true.
 * (The compiler does this for JavaScript and leaves declarations alone, which not every consumer's resolution forgives.)
 * @param {string} file
 * @param {string} text
 */
export function withEmittedExtensions(file, text) {
  const imports = importsOf(file, text).filter(({ specifier }) => specifier.startsWith(".") && specifier.endsWith(".ts"));
  return imports.reduceRight((whole, { end }) => `${whole.slice(0, end - 3)}js${whole.slice(end - 1)}`, text);
}
