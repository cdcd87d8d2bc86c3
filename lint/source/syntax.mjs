/**
 * Questions to a syntax tree that need no names: what is around a node, what is inside of it, and what it is without its wrapping.
 */

/** @typedef {{ type: string, parent: Node, range: [number, number], [field: string]: any }} Node */

const functions = new Set(["FunctionDeclaration", "FunctionExpression", "ArrowFunctionExpression"]);
const loops = new Set(["ForStatement", "ForInStatement", "ForOfStatement", "WhileStatement", "DoWhileStatement"]);
const wrappings = new Set(["TSAsExpression", "TSSatisfiesExpression", "TSNonNullExpression", "TSInstantiationExpression", "TSTypeAssertion", "ChainExpression", "ParenthesizedExpression"]);

export const isFunction = (/** @type {Node | undefined} */ node) => node !== undefined && functions.has(node.type);
export const isLoop = (/** @type {Node} */ node) => loops.has(node.type);

/**
 * What stands there, without casts, `!` and parentheses.
 * @param {Node} node
 * @returns {Node}
 */
export function bare(node) {
  let at = node;
  while (wrappings.has(at?.type)) at = at["expression"];
  return at;
}

/**
 * The outermost wrapping of a node: the node itself where it has none.
 * @param {Node} node
 */
export function wrapped(node) {
  let at = node;
  while (wrappings.has(at.parent?.type)) at = at.parent;
  return at;
}

/**
 * The function that a node is part of. The parameters of a function count as inside.
 * @param {Node} node
 * @returns {Node | undefined}
 */
export function functionAround(node) {
  let at = node.parent;
  while (at && !isFunction(at)) at = at.parent;
  return at ?? undefined;
}

/**
 * The nodes directly below a node.
 * @param {Node} node
 * @returns {Node[]}
 */
function below(node) {
  /** @type {Node[]} */
  const found = [];
  for (const key of Object.keys(node)) {
    if (key === "parent" || key === "loc" || key === "range") continue;
    const value = node[key];
    for (const child of Array.isArray(value) ? value : [value]) if (typeof child?.type === "string" && child.range !== undefined) found.push(child);
  }
  return found;
}

/**
 * Whether a node, or one inside of it, is what is looked for.
 * @param {Node} node
 * @param {(node: Node) => boolean} fits
 * @param {{ functions?: boolean }} [how] `functions: false` looks into no function that is nested in it
 * @returns {boolean}
 */
export function contains(node, fits, how = {}) {
  if (fits(node)) return true;
  return below(node).some((child) => !(how.functions === false && isFunction(child)) && contains(child, fits, how));
}

/** The name of a property that is read: `b` of `a.b` and of `a["b"]`. */
export function propertyOf(/** @type {Node} */ member) {
  const { property, computed } = member;
  if (!computed) return property.type === "Identifier" ? /** @type {string} */ (property.name) : undefined;
  return property.type === "Literal" && typeof property.value === "string" ? /** @type {string} */ (property.value) : undefined;
}

/** The name of a key in an object or a pattern. */
export function keyOf(/** @type {Node} */ property) {
  if (property["type"] !== "Property") return undefined;
  const { key, computed } = property;
  if (key.type === "Identifier" && !computed) return /** @type {string} */ (key.name);
  return key.type === "Literal" ? String(key.value) : undefined;
}

/**
 * The method call that this is: its receiver and its name.
 * @param {Node} call
 */
export function methodOf(call) {
  if (call.type !== "CallExpression") return undefined;
  const callee = bare(call["callee"]);
  if (callee.type !== "MemberExpression") return undefined;
  const name = propertyOf(callee);
  return name === undefined ? undefined : { name, receiver: bare(callee["object"]) };
}

/**
 * Whether a node lies in a `finally`, up to the function around it.
 * @param {Node} node
 */
export function isInFinally(node) {
  for (let at = node; at.parent && !isFunction(at); at = at.parent) if (at.parent.type === "TryStatement" && at.parent["finalizer"] === at) return true;
  return false;
}

/** A parameter without its default. */
export function parameter(/** @type {Node} */ node) {
  const inner = node.type === "TSParameterProperty" ? node["parameter"] : node;
  return /** @type {Node} */ (inner.type === "AssignmentPattern" ? inner.left : inner);
}
