/** A call that could be interrupted, and is not told by what. */
import { rule } from "../source/rule.mjs";
import { acceptsSignal } from "../source/signals.mjs";
import { bare, isInFinally, keyOf, methodOf, wrapped } from "../source/syntax.mjs";

/** @typedef {import("../source/syntax.mjs").Node} Node */
/** @typedef {import("../source/model.mjs").Model} Model */

/**
 * Whether an argument may have a signal: anything that is not seen to have none.
 * @param {Node} argument
 */
function mayHaveSignal(argument) {
  const node = bare(argument);
  if (node.type === "ObjectExpression") return node["properties"].some((/** @type {Node} */ one) => one.type === "SpreadElement" || keyOf(one) === "signal" || one["computed"]);
  if (node.type === "Literal" || node.type === "TemplateLiteral") return false;
  return node["name"] !== "undefined";
}

/**
 * Whether what is fetched may carry a signal itself: a Request.
 * @param {Model} model
 * @param {Node | undefined} input
 */
function mayBeRequest(model, input) {
  if (input === undefined) return true;
  const node = bare(input);
  const name = node["name"] ?? node["property"]?.name ?? node["callee"]?.name ?? node["callee"]?.property?.name ?? "";
  if (/req/i.test(String(name)) || name === "clone") return true;
  const [definition] = node.type === "Identifier" ? (model.bindings.variable(node)?.defs ?? []) : [];
  const made = definition?.type === "Variable" ? definition.node["init"] : undefined;
  return /Request/.test(definition?.name["typeAnnotation"]?.typeAnnotation?.typeName?.name ?? made?.callee?.name ?? "");
}

/** `scope.wait(fetch(url))` leaves it to itself on purpose. */
function isLeftOnPurpose(/** @type {Model} */ model, /** @type {Node} */ call) {
  const { parent } = wrapped(call);
  const method = parent && methodOf(parent);
  return method?.name === "wait" && model.isScope(method.receiver);
}

/**
 * How the call is written with the scope, where that is plain.
 * @param {Node} call @param {number} place @param {string} scope @param {string} text of the argument at that place
 * @returns {import("../source/rule.mjs").Fix | undefined}
 */
function fixOf(call, place, scope, text) {
  const given = call["arguments"];
  const at = given[place];
  if (at === undefined) {
    if (given.length === 0) return undefined;
    const more = [...Array.from({ length: place - given.length }, () => "undefined"), scope].join(", ");
    return (fixer) => fixer.insertTextAfter(given.at(-1), `, ${more}`);
  }
  const node = bare(at);
  if (node.type === "Literal" && typeof node["value"] === "string") return (fixer) => fixer.replaceText(at, `{ encoding: ${text}, signal: ${scope}.signal }`);
  if (node["name"] === "undefined") return (fixer) => fixer.replaceText(at, scope);
  if (node.type !== "ObjectExpression") return undefined;
  const last = node["properties"].at(-1);
  return last === undefined ? (fixer) => fixer.replaceText(at, scope) : (fixer) => fixer.insertTextAfter(last, `, signal: ${scope}.signal`);
}

export const passScope = rule(
  {
    about: "What takes a signal is given the scope that is at hand",
    messages: {
      signal: "`{{name}}()` can be interrupted, and is not told by what: give it `{{scope}}`, or its signal.",
      give: "Give it `{{scope}}`.",
    },
    suggests: true,
  },
  (context, model) => ({
    CallExpression(node) {
      const taker = acceptsSignal(model, node);
      if (taker === undefined) return;
      /** @type {Node[]} */
      const given = node["arguments"];
      if (given.some((one) => one.type === "SpreadElement" || model.givesScope(one))) return;
      const place = taker.options === "last" ? given.length : taker.options;
      const options = taker.options === "last" ? given.at(-1) : given[place];
      // The last one of a pipeline may be options, where it is written as an object.
      if (options !== undefined && (taker.options !== "last" || bare(options).type === "ObjectExpression") && mayHaveSignal(options)) return;
      if (taker.name === "fetch" && mayBeRequest(model, given[0])) return;
      if (isInFinally(node) || isLeftOnPurpose(model, node)) return;
      const scope = model.scopeAt(node);
      if (scope === undefined) return;
      const at = taker.options === "last" && options !== undefined && bare(options).type === "ObjectExpression" ? given.length - 1 : place;
      const there = given[at];
      const fix = fixOf(node, at, scope.name, there === undefined ? "" : context.sourceCode.getText(there));
      const data = { name: taker.name, scope: scope.name };
      context.report({ node: node["callee"], messageId: "signal", data, suggest: fix === undefined ? [] : [{ messageId: "give", data: { scope: scope.name }, fix }] });
    },
  }),
);
