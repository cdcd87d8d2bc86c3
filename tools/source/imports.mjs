/**
 * What a module imports: statements, re-exports, `import()` and the types it names by `import("…")`. Types count.
 */
import { parse, walk } from "./parse.mjs";

/** @typedef {{ specifier: string, line: number }} Import */

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
    if (source?.type === "Literal" && typeof source["value"] === "string") found.push({ specifier: source["value"], line: line(node.start) });
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
