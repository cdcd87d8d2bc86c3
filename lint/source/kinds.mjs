/**
 * What an expression is, of the library's things: told by its type where one is written, else by how it was made, else by which call
 * hands it over. What none of them tells is not known, and no rule speaks of it.
 */
import { bodies, executors, makers, methodBodies, methods, pairs, scopeKinds, types } from "./library.mjs";
import { bare, isFunction, methodOf, parameter, wrapped } from "./syntax.mjs";

/** @typedef {import("./syntax.mjs").Node} Node */
/** @typedef {import("./bindings.mjs").Bindings} Bindings */
/** @typedef {import("./bindings.mjs").Variable} Variable */
/** @typedef {{ call: Node, name: string, receiver: Node | undefined, parameter: number, kind: string }} Body a function that a call hands a scope to */

/** What a parameter of this name is, where nothing else tells and the file imports the library. */
const customary = "scope";
const longestChain = 6;

export class Kinds {
  /** @type {Map<Variable, string | undefined>} */
  #known = new Map();

  /** @param {Bindings} bindings @param {(source: string) => boolean} isOurs */
  constructor(bindings, isOurs) {
    this.bindings = bindings;
    this.isOurs = isOurs;
  }

  /**
   * The name under which the library exports what an expression (or the name of a type) stands for.
   * @param {Node} expression
   */
  exportOf(expression) {
    const origin = this.bindings.origin(expression);
    return origin !== undefined && origin.path.length === 1 && this.isOurs(origin.source) ? origin.path[0] : undefined;
  }

  /**
   * @param {Node} expression
   * @returns {string | undefined}
   */
  kindOf(expression) {
    const node = bare(expression);
    if (!node) return undefined;
    if (node.type === "Identifier") {
      const variable = this.bindings.variable(node);
      return variable === undefined ? undefined : this.kindOfVariable(variable);
    }
    if (node.type === "NewExpression") return this.#classOf(node["callee"]);
    if (node.type === "AwaitExpression") return this.#kindOfAwaited(bare(node["argument"]));
    if (node.type === "CallExpression") return this.#kindOfCall(node);
    return node.type === "MemberExpression" && executors.has(this.exportOf(node) ?? "") ? "Executor" : undefined;
  }

  /** Whether an expression is known to be a scope, or a group. */
  isScope(/** @type {Node} */ expression) {
    return scopeKinds.has(this.kindOf(expression) ?? "");
  }

  /**
   * @param {Variable} variable
   * @returns {string | undefined}
   */
  kindOfVariable(variable) {
    if (!this.#known.has(variable)) {
      this.#known.set(variable, undefined);
      this.#known.set(variable, this.#findKind(variable));
    }
    return this.#known.get(variable);
  }

  /** @param {Variable} variable */
  #findKind(variable) {
    const definition = this.bindings.definition(variable);
    if (definition?.type === "ImportBinding") return executors.has(this.exportOf(definition.name) ?? "") ? "Executor" : undefined;
    if (definition?.type === "Variable") return this.#kindOfDeclared(definition.node, definition.name);
    if (definition?.type !== "Parameter" || !isFunction(definition.node)) return undefined;
    const at = definition.node["params"].findIndex((/** @type {Node} */ one) => parameter(one) === definition.name);
    if (at === -1) return undefined;
    const written = definition.name["typeAnnotation"]?.typeAnnotation;
    if (written) return this.typeOf(written);
    const handed = this.bodyOf(definition.node);
    if (handed !== undefined) return handed.parameter === at ? handed.kind : undefined;
    return variable.name === customary ? "Scope" : undefined;
  }

  /** @param {Node} declarator @param {Node} name */
  #kindOfDeclared(declarator, name) {
    const { id, init } = declarator;
    if (id === name) {
      const written = id.typeAnnotation?.typeAnnotation;
      return written ? this.typeOf(written) : this.kindOf(init);
    }
    if (id.type !== "ArrayPattern" || bare(init)?.type !== "CallExpression") return undefined;
    return pairs[this.exportOf(bare(init)["callee"]) ?? ""]?.[id.elements.indexOf(name)];
  }

  /** The class of the library that `new` makes one of. */
  #classOf(/** @type {Node} */ callee) {
    const name = this.exportOf(callee);
    return name !== undefined && Object.hasOwn(methods, name) ? name : undefined;
  }

  /** @param {Node} call */
  #kindOfCall(call) {
    const made = makers[this.exportOf(call["callee"]) ?? ""];
    if (made !== undefined) return made;
    const method = methodOf(call);
    if (method?.name !== "spawn" && method?.name !== "trySpawn") return undefined;
    return this.isScope(method.receiver) ? "Task" : undefined;
  }

  /** @param {Node} awaited */
  #kindOfAwaited(awaited) {
    const method = methodOf(awaited);
    if (method?.name === "acquire") return this.kindOf(method.receiver) === "Condition" ? "ConditionGuard" : undefined;
    return method?.name === "submit" && this.kindOf(method.receiver)?.endsWith("Executor") ? "Task" : undefined;
  }

  /**
   * What of the library a written type names: also in a union, and in `Readonly<…>`.
   * @param {Node} type
   * @returns {string | undefined}
   */
  typeOf(type, depth = 0) {
    if (depth > longestChain) return undefined;
    if (type.type === "TSUnionType" || type.type === "TSIntersectionType") return type["types"].map((/** @type {Node} */ one) => this.typeOf(one, depth + 1)).find(Boolean);
    if (type.type === "TSImportType") return this.#importedType(type);
    if (type.type !== "TSTypeReference") return undefined;
    const name = this.exportOf(type["typeName"]);
    if (name !== undefined) return types.has(name) ? name : undefined;
    const [only] = (type["typeArguments"] ?? type["typeParameters"])?.params ?? [];
    return type["typeName"].name === "Readonly" && only !== undefined ? this.typeOf(only, depth + 1) : undefined;
  }

  /** @param {Node} type `import("espalier").Scope` */
  #importedType(type) {
    const argument = type["source"] ?? type["argument"];
    const source = argument?.value ?? argument?.literal?.value;
    const name = type["qualifier"]?.name;
    return typeof source === "string" && this.isOurs(source) && types.has(name) ? name : undefined;
  }

  /**
   * The call that hands a scope to this function, and where.
   * @param {Node} fn
   * @returns {Body | undefined}
   */
  bodyOf(fn) {
    const whole = wrapped(fn);
    const inList = whole.parent.type === "ArrayExpression";
    const given = inList ? wrapped(whole.parent) : whole;
    const call = given.parent;
    if (call?.type !== "CallExpression") return undefined;
    const argument = call["arguments"].indexOf(given);
    if (argument === -1) return undefined;
    const method = methodOf(call);
    const name = this.exportOf(call["callee"]);
    const places = name !== undefined ? bodies[name] : method && methodBodies[this.kindOf(method.receiver) ?? ""]?.[method.name];
    const place = places?.find((one) => one.argument === argument);
    if (place === undefined) return undefined;
    return { call, name: name ?? method?.name ?? "", receiver: name === undefined ? method?.receiver : undefined, parameter: place.parameter, kind: place.kind };
  }
}
