/**
 * One file as the rules see it: which scope is at hand where, what is an operation, and what knows a scope.
 */
import { Bindings } from "./bindings.mjs";
import { Kinds } from "./kinds.mjs";
import { flowing, methods, promising, roots, scopeKinds, uninterrupted } from "./library.mjs";
import { bare, contains, functionAround, isFunction, keyOf, methodOf, propertyOf, wrapped } from "./syntax.mjs";

/** @typedef {import("./syntax.mjs").Node} Node */
/** @typedef {import("./bindings.mjs").SourceCode} SourceCode */
/** @typedef {import("./bindings.mjs").Variable} Variable */
/** @typedef {{ variable: Variable, name: string, kind: string, owner: Node | undefined }} AtHand `owner`: the function it belongs to */

/** Methods that call the function they are given before they return, or before what they return settles. */
const transparent = new Set(["map", "forEach", "filter", "flatMap", "some", "every", "find", "findIndex", "reduce", "sort", "toSorted", "from", "then", "catch", "finally", "use"]);
const aborts = new Set(["signal", "aborted", "throwIfAborted", "throwIfCancelled"]);
const deepest = 3;

export class Model extends Kinds {
  /** @type {Map<Variable, boolean>} */
  #knowing = new Map();

  /** @param {SourceCode} sourceCode @param {(source: string) => boolean} isOurs */
  constructor(sourceCode, isOurs) {
    super(new Bindings(sourceCode), isOurs);
    this.sourceCode = sourceCode;
  }

  /**
   * The scope that code at a place has, nearest first: a parameter of the function around it, or a group that was opened there. Looks
   * through functions that are called at once, and no further: what runs later has to have a scope of its own.
   * @param {Node} node
   * @returns {AtHand | undefined}
   */
  scopeAt(node) {
    for (let at = node; ; ) {
      const owner = isFunction(at) ? at : functionAround(at);
      const own = this.#declaredIn(owner, at, node);
      if (own !== undefined) return own;
      if (owner === undefined || !this.#isCalledAtOnce(owner)) return undefined;
      at = owner.parent;
    }
  }

  /** The scope that a function is handed, if it is handed one. */
  scopeOf(/** @type {Node} */ fn) {
    return this.#declaredIn(fn, fn["body"], fn["body"]);
  }

  /** @param {Node | undefined} owner @param {Node} from @param {Node} use @returns {AtHand | undefined} */
  #declaredIn(owner, from, use) {
    for (let scope = this.sourceCode.getScope(from); scope; scope = /** @type {NonNullable<typeof scope.upper>} */ (scope.upper)) {
      if (isFunction(scope.block) && scope.block !== owner) break;
      for (const variable of scope.variables.toReversed()) {
        const kind = this.kindOfVariable(variable);
        const [definition] = variable.defs;
        if (kind === undefined || !scopeKinds.has(kind) || definition === undefined || definition.type === "ImportBinding") continue;
        if (definition.type === "Parameter" || isMadeBefore(definition, use)) return { variable, name: variable.name, kind, owner };
      }
      if (scope.block === owner) break;
    }
    return undefined;
  }

  /** @param {Node} fn */
  #isCalledAtOnce(fn) {
    const whole = wrapped(fn);
    const { parent } = whole;
    if (fn.type === "FunctionDeclaration") return false;
    if (parent.type === "NewExpression") return parent["callee"].name === "Promise";
    if (parent.type !== "CallExpression") return false;
    if (parent["callee"] === whole) return true;
    const method = methodOf(parent);
    return method !== undefined && transparent.has(method.name) && this.bodyOf(fn) === undefined;
  }

  /**
   * The operation of the library that a call is, as it is called: `sleep`, `group.join`.
   * @param {Node} call
   * @returns {{ name: string, isRoot: boolean } | undefined}
   */
  operation(call) {
    if (call.type !== "CallExpression") return undefined;
    const name = this.exportOf(call["callee"]);
    if (name !== undefined) return promising.has(name) ? { name, isRoot: roots.has(name) } : undefined;
    const method = methodOf(call);
    const kind = method && this.kindOf(method.receiver);
    return kind !== undefined && methods[kind]?.includes(method?.name ?? "") ? { name: `${this.sourceCode.getText(method?.receiver ?? call)}.${method?.name}`, isRoot: false } : undefined;
  }

  /**
   * Whether a call is interrupted by the cancellation of a scope: it is given one, or belongs to one.
   * @param {Node} call
   */
  isInterrupted(call) {
    if (call.type !== "CallExpression") return false;
    const method = methodOf(call);
    const name = this.exportOf(call["callee"]);
    if (name !== undefined && uninterrupted.has(name)) return false;
    if (call["arguments"].some((/** @type {Node} */ argument) => this.givesScope(argument))) return true;
    if (method === undefined || method.name === "shield" || !this.isScope(method.receiver)) return false;
    return this.operation(call) !== undefined;
  }

  /**
   * Whether an argument gives a scope, or its signal.
   * @param {Node} argument
   * @returns {boolean}
   */
  givesScope(argument) {
    const node = bare(argument);
    if (node.type === "MemberExpression") return propertyOf(node) === "signal" && this.isScope(node["object"]);
    if (node.type !== "ObjectExpression") return this.isScope(node);
    return node["properties"].some((/** @type {Node} */ one) => (one.type === "SpreadElement" ? this.isScope(one["argument"]) : keyOf(one) === "signal" && this.givesScope(one["value"])));
  }

  /**
   * Whether something in a piece of code knows a scope or a signal: names one, waits with the library, or names a constant or a function
   * of the file that does.
   * @param {Node} node
   * @returns {boolean}
   */
  knowsScope(node, depth = 0) {
    return contains(node, (one) => {
      if (one.type === "CallExpression") return this.operation(one) !== undefined || flowing.has(this.exportOf(one["callee"]) ?? "") || isJoin(one);
      if (one.type !== "Identifier") return false;
      if (aborts.has(one["name"])) return true;
      const variable = this.bindings.variable(one);
      return variable !== undefined && (scopeKinds.has(this.kindOfVariable(variable) ?? "") || this.#isMadeKnowing(variable, one, depth));
    });
  }

  /** @param {Variable} variable @param {Node} name @param {number} depth */
  #isMadeKnowing(variable, name, depth) {
    const known = this.#knowing.get(variable);
    if (known !== undefined) return known;
    const made = depth < deepest ? this.bindings.value(name) : undefined;
    if (made === undefined || made === name.parent) return false;
    this.#knowing.set(variable, false);
    const knows = this.knowsScope(made, depth + 1);
    this.#knowing.set(variable, knows);
    return knows;
  }
}

/** Whether a constant has its value where it is used. What is declared first and assigned some day is at hand nowhere. */
function isMadeBefore(/** @type {Variable["defs"][number]} */ { node, parent }, /** @type {Node} */ use) {
  return node["init"] && parent?.["kind"] !== "let" && parent?.["kind"] !== "var" && node.range[1] <= use.range[0];
}

/** A task is waited for: it ends with its group. */
function isJoin(/** @type {Node} */ call) {
  const name = methodOf(call)?.name;
  return name === "join" || name === "settled";
}
