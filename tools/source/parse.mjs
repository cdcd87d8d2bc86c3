/**
 * TypeScript and JavaScript sources as syntax trees (oxc's parser, through rolldown), with positions as line numbers.
 */
import { parseSync } from "rolldown/utils";

/** @typedef {{ type: string, start: number, end: number, [field: string]: any }} Node */

/**
 * @param {string} file its name decides the language; errors name it
 * @param {string} text
 */
export function parse(file, text) {
  const result = parseSync(file, text);
  const error = result.errors.find(({ severity }) => severity === "Error");
  const line = lineNumbers(text);
  if (error !== undefined) {
    const at = error.labels[0];
    throw new SyntaxError(`${file}${at === undefined ? "" : `:${line(at.start)}`}: ${error.message}`);
  }
  return { program: /** @type {Node} */ (/** @type {unknown} */ (result.program)), module: result.module, line };
}

/**
 * From offsets to line numbers, which start at 1.
 * @param {string} text
 */
function lineNumbers(text) {
  const starts = [0];
  for (let at = text.indexOf("\n"); at !== -1; at = text.indexOf("\n", at + 1)) starts.push(at + 1);
  return (/** @type {number} */ offset) => {
    let low = 0;
    let high = starts.length;
    while (high - low > 1) {
      const middle = (low + high) >> 1;
      if (/** @type {number} */ (starts[middle]) <= offset) low = middle;
      else high = middle;
    }
    return low + 1;
  };
}

/**
 * Calls `visit` for every node, parents first, with the nodes around it (outermost first).
 * @param {Node} node
 * @param {(node: Node, ancestors: readonly Node[]) => void} visit
 * @param {Node[]} [ancestors]
 */
export function walk(node, visit, ancestors = []) {
  visit(node, ancestors);
  ancestors.push(node);
  for (const value of Object.values(node)) {
    for (const child of Array.isArray(value) ? value : [value]) {
      if (typeof child === "object" && child !== null && typeof child.type === "string") walk(child, visit, ancestors);
    }
  }
  ancestors.pop();
}
