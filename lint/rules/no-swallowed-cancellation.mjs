/** A `catch` around a wait that takes a cancellation for a failure, or for nothing. */
import { askCancelled, putFirst, rule } from "../source/rule.mjs";
import { bare, contains, isFunction, methodOf, propertyOf } from "../source/syntax.mjs";

/** @typedef {import("../source/syntax.mjs").Node} Node */
/** @typedef {import("../source/model.mjs").Model} Model */

const looks = new Set(["cancelled", "aborted", "throwIfCancelled", "throwIfAborted"]);
const texts = new Set(["AbortError", "ABORT_ERR", "CancelledError"]);
const reports = /^(console|log|logger|debug|warn|print|report|String|inspect)/i;

/**
 * Whether what a handler does lets a cancellation through, or looks at it.
 * @param {Node} body
 * @param {string | undefined} error what the handler calls the error, if it takes it
 * @param {Model} model
 */
function passesOn(body, error, model) {
  const isError = (/** @type {Node | undefined | null} */ node) => node !== undefined && node !== null && error !== undefined && bare(node).type === "Identifier" && bare(node)["name"] === error;
  return contains(body, (node) => {
    if (node.type === "ThrowStatement") return true;
    if (node.type === "MemberExpression") return looks.has(propertyOf(node) ?? "");
    if (node.type === "Literal") return texts.has(String(node["value"]));
    if (node.type === "BinaryExpression") return node["operator"] === "instanceof" && /Cancel|Abort/.test(String(bare(node["right"])["name"] ?? bare(node["right"])["property"]?.name));
    // Kept, or given back: who has it decides.
    if (node.type === "ReturnStatement") return isError(node["argument"]);
    if (node.type === "AssignmentExpression") return isError(node["right"]);
    if (node.type === "Property" || node.type === "PropertyDefinition") return isError(node["value"]);
    if (node.type === "ArrayExpression") return node["elements"].some(isError);
    if (node.type === "NewExpression") return node["arguments"].some(isError);
    if (node.type === "AwaitExpression") return model.isInterrupted(bare(node["argument"]));
    if (node.type !== "CallExpression") return false;
    return isRejection(node) || isClaim(node) || model.exportOf(node["callee"]) === "isCancelled" || (node["arguments"].some(isError) && !isReporting(node));
  });
}

/** Whether a call only tells somebody of an error. */
function isReporting(/** @type {Node} */ call) {
  const callee = bare(call["callee"]);
  if (callee.type === "Identifier") return reports.test(callee["name"]);
  const method = methodOf(call);
  const on = method?.receiver.type === "Identifier" ? method.receiver["name"] : (method?.receiver["property"]?.name ?? "");
  return method !== undefined && (reports.test(on) || /^(log|warn|error|info|debug|trace)$/.test(method.name));
}

/** Whether a call throws unless what is claimed holds. */
function isClaim(/** @type {Node} */ call) {
  const callee = bare(call["callee"]);
  const name = (callee.type === "Identifier" ? callee : methodOf(call)?.receiver)?.["name"];
  return /^(assert|expect)/.test(name ?? "");
}

function isRejection(/** @type {Node} */ call) {
  const method = methodOf(call);
  return method?.name === "reject" && method.receiver["name"] === "Promise";
}

/** @param {Node} block @param {Model} model */
function waitIn(block, model) {
  /** @type {Node | undefined} */
  let found;
  const isWait = (/** @type {Node} */ node) => {
    const waited = node.type === "AwaitExpression" ? node["argument"] : node.type === "ForOfStatement" && node["await"] ? node["right"] : undefined;
    if (waited === undefined) return false;
    return contains(waited, (one) => model.isInterrupted(one) && ((found = one), true), { functions: false });
  };
  contains(block, (node) => !isCaughtWithin(node, block) && isWait(node), { functions: false });
  return found;
}

/** Whether another `try` with a handler stands between a wait and the block. */
function isCaughtWithin(/** @type {Node} */ node, /** @type {Node} */ block) {
  for (let at = node; at !== block; at = at.parent) if (at.parent.type === "TryStatement" && at.parent["handler"] && at.parent["block"] === at) return true;
  return false;
}

export const noSwallowedCancellation = rule(
  {
    about: "A cancellation is not taken for a failure by a catch around a wait",
    messages: {
      swallowed: "This catch also takes the cancellation of what it waits for ({{call}}). Let it pass: ask the scope first, or rethrow what `isCancelled(error)`.",
      ask: "Write `{{statement}}` first.",
    },
    suggests: true,
  },
  (context, model) => {
    /** @param {Node} at @param {Node} body @param {Node | undefined | null} param @param {Node} wait */
    const judge = (at, body, param, wait) => {
      const error = param?.type === "Identifier" ? /** @type {string} */ (param["name"]) : undefined;
      if (passesOn(body, error, model) || (body.type !== "BlockStatement" && error !== undefined && bare(body)["name"] === error)) return;
      const scope = model.scopeAt(wait);
      const call = context.sourceCode.getText(wait["callee"]).slice(0, 40);
      if (scope === undefined || body.type !== "BlockStatement") return context.report({ node: at, messageId: "swallowed", data: { call } });
      const statement = askCancelled(scope);
      context.report({ node: at, messageId: "swallowed", data: { call }, suggest: [{ messageId: "ask", data: { statement }, fix: putFirst(context, body, statement) }] });
    };
    return {
      CatchClause(node) {
        const wait = waitIn(node.parent["block"], model);
        if (wait !== undefined) judge(node, node["body"], node["param"], wait);
      },
      CallExpression(node) {
        const method = methodOf(node);
        const [handler] = node["arguments"];
        if (method?.name !== "catch" || !isFunction(handler) || !model.isInterrupted(method.receiver)) return;
        judge(handler, handler["body"], handler["params"][0], method.receiver);
      },
    };
  },
);
