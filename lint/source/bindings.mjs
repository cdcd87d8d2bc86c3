/**
 * Where a name comes from: which module, and what of it. Follows renamed imports, namespaces, `require`, `await import`, and constants
 * that are only another name for an import.
 */
import { bare, keyOf, propertyOf } from "./syntax.mjs";

/** @typedef {import("./syntax.mjs").Node} Node */
/** @typedef {{ name: string, defs: { type: string, node: Node, parent: Node | null, name: Node }[], references: { identifier: Node, init?: boolean }[], scope: LexicalScope }} Variable */
/** @typedef {{ set: Map<string, Variable>, upper: LexicalScope | null, block: Node, variables: Variable[] }} LexicalScope */
/** @typedef {{ ast: Node, text: string, getScope(node: Node): LexicalScope, getText(node: Node): string, scopeManager: { scopes: LexicalScope[] } }} SourceCode */
/** @typedef {{ source: string, path: readonly string[] }} Origin */

const longestChain = 6;

/** The names of one file. */
export class Bindings {
  /** @param {SourceCode} sourceCode */
  constructor(sourceCode) {
    this.sourceCode = sourceCode;
  }

  /**
   * The variable that an identifier stands for.
   * @param {Node} identifier
   * @returns {Variable | undefined}
   */
  variable(identifier) {
    for (let scope = /** @type {LexicalScope | null} */ (this.sourceCode.getScope(identifier)); scope; scope = scope.upper) {
      const found = scope.set.get(identifier["name"]);
      if (found !== undefined) return found;
    }
    return undefined;
  }

  /** Whether an identifier is declared nowhere in the file: a global of the platform. */
  isGlobal(/** @type {Node} */ identifier) {
    return (this.variable(identifier)?.defs.length ?? 0) === 0;
  }

  /**
   * The one definition of a variable. Not what is assigned a second time, and not what is declared twice.
   * @param {Variable | undefined} variable
   */
  definition(variable) {
    return variable?.defs.length === 1 ? variable.defs[0] : undefined;
  }

  /**
   * What a constant is made as: its initializer, or the function that a name declares.
   * @param {Node} identifier
   * @returns {Node | undefined}
   */
  value(identifier) {
    const definition = this.definition(this.variable(identifier));
    if (definition?.type === "FunctionName") return definition.node;
    if (definition?.type !== "Variable" || definition.node["id"].type !== "Identifier") return undefined;
    return definition.parent?.["kind"] === "let" || definition.parent?.["kind"] === "var" ? undefined : (definition.node["init"] ?? undefined);
  }

  /**
   * The module an expression comes from, and what of it: `fs.promises.readFile` is `promises`, `readFile` of `fs`.
   * @param {Node} expression
   * @returns {Origin | undefined}
   */
  origin(expression, depth = 0) {
    const node = bare(expression);
    if (depth > longestChain || !node) return undefined;
    if (node.type === "MemberExpression" || node.type === "TSQualifiedName") {
      const name = node.type === "MemberExpression" ? propertyOf(node) : node["right"].name;
      const from = name === undefined ? undefined : this.origin(node.type === "MemberExpression" ? node["object"] : node["left"], depth + 1);
      return from === undefined ? undefined : { source: from.source, path: [...from.path, name] };
    }
    if (node.type === "AwaitExpression") return bare(node["argument"]).type === "ImportExpression" ? this.origin(node["argument"], depth + 1) : undefined;
    if (node.type === "ImportExpression") return fromModule(node["source"]);
    if (node.type === "CallExpression") return node["callee"].name === "require" && this.isGlobal(node["callee"]) ? fromModule(node["arguments"][0]) : undefined;
    return node.type === "Identifier" ? this.#originOfName(node, depth) : undefined;
  }

  /**
   * @param {Node} identifier
   * @param {number} depth
   * @returns {Origin | undefined}
   */
  #originOfName(identifier, depth) {
    const definition = this.definition(this.variable(identifier));
    if (definition?.type === "ImportBinding") {
      const source = definition.parent?.["source"]?.value;
      if (typeof source !== "string") return undefined;
      // A default import of a built-in module is the module.
      return { source, path: definition.node.type === "ImportSpecifier" ? [definition.node["imported"].name ?? definition.node["imported"].value] : [] };
    }
    if (definition?.type !== "Variable" || definition.parent?.["kind"] !== "const" || !definition.node["init"]) return undefined;
    const { id, init } = definition.node;
    if (id.type === "Identifier") return this.origin(init, depth + 1);
    if (id.type !== "ObjectPattern") return undefined;
    const property = id.properties.find((/** @type {Node} */ one) => one["value"] === definition.name);
    const from = property === undefined ? undefined : this.origin(init, depth + 1);
    const key = property === undefined ? undefined : keyOf(property);
    return from === undefined || key === undefined ? undefined : { source: from.source, path: [...from.path, key] };
  }
}

/** @returns {Origin | undefined} */
function fromModule(/** @type {Node | undefined} */ source) {
  return source?.type === "Literal" && typeof source["value"] === "string" ? { source: source["value"], path: [] } : undefined;
}
