/** A function that has a scope of its own, and waits in one further out: its own cancellation and its own limit do not reach that wait. */
import { groupKinds, scopeKinds, waitsIn } from "../source/library.mjs";
import { rule } from "../source/rule.mjs";
import { acceptsSignal } from "../source/signals.mjs";
import { bare, functionAround, isFunction, keyOf, methodOf, parameter, propertyOf, wrapped } from "../source/syntax.mjs";

/** @typedef {import("../source/syntax.mjs").Node} Node */
/** @typedef {import("../source/model.mjs").Model} Model */
/** @typedef {import("../source/bindings.mjs").Variable} Variable */

const names = ["scope", "own", "inner"];
const givesOwner = new Set(["submit", "trySubmit"]);
const asksOnly = /^(console|log|logger|assert|expect)/;

/**
 * The nearest function around a use that has a scope of its own, inside of the one that the scope belongs to.
 * @param {Model} model @param {Node} use @param {Node | undefined} owner
 */
function innerFunction(model, use, owner) {
  for (let fn = functionAround(use); fn !== undefined && fn !== owner; fn = functionAround(fn)) {
    const own = model.scopeOf(fn);
    const body = model.bodyOf(fn);
    if (own !== undefined || body !== undefined) return { fn, own, body };
  }
  return undefined;
}

/**
 * The call that waits in the scope of an identifier, if that is what it is used for.
 * @param {Model} model @param {Node} use @param {string} kind @param {string | undefined} own the name of the inner scope
 */
function waitOf(model, use, kind, own) {
  const whole = wrapped(use);
  const { parent } = whole;
  if (parent.type === "MemberExpression" && parent["object"] === whole) {
    const call = wrapped(parent).parent;
    if (propertyOf(parent) === "signal") return signalTaker(parent);
    return call?.type === "CallExpression" && bare(call["callee"]) === parent && waitsIn.has(propertyOf(parent) ?? "") ? call : undefined;
  }
  if (parent.type !== "CallExpression" || parent["callee"] === whole) return undefined;
  const hasBoth = parent["arguments"].some((/** @type {Node} */ one) => own !== undefined && bare(one)["name"] === own);
  return !hasBoth && waitsWith(model, parent, parent["arguments"].indexOf(whole), kind) ? parent : undefined;
}

/** The call that is given `{ signal: outer.signal }`. */
function signalTaker(/** @type {Node} */ member) {
  const property = wrapped(member).parent;
  const given = keyOf(property) === "signal" ? property.parent.parent : undefined;
  return given?.type === "CallExpression" ? given : undefined;
}

/** @param {Model} model @param {Node} call @param {number} index @param {string} kind */
function waitsWith(model, call, index, kind) {
  const name = model.exportOf(call["callee"]);
  if (name !== undefined) return model.operation(call) !== undefined;
  if (model.operation(call) !== undefined) return !givesOwner.has(methodOf(call)?.name ?? "");
  if (acceptsSignal(model, call)) return true;
  const method = methodOf(call);
  if (givesOwner.has(method?.name ?? "") || asksOnly.test((method?.receiver ?? bare(call["callee"]))["name"])) return false;
  const declared = method === undefined && bare(call["callee"]).type === "Identifier" ? model.bindings.value(bare(call["callee"])) : undefined;
  const taken = isFunction(declared) ? declared?.["params"][index] : undefined;
  const written = taken && parameter(taken)["typeAnnotation"]?.typeAnnotation;
  if (written) return !groupKinds.has(model.typeOf(written) ?? "TaskGroup");
  // Who takes a group may want to start tasks in it, not to wait.
  return !groupKinds.has(kind) && isWaitedFor(call);
}

function isWaitedFor(/** @type {Node} */ call) {
  const { parent } = wrapped(call);
  return parent.type === "AwaitExpression" || parent.type === "ReturnStatement" || (parent.type === "ArrowFunctionExpression" && parent["body"] === wrapped(call));
}

export const noOuterScope = rule(
  {
    about: "A function waits in its own scope, not in one around it",
    messages: {
      outer: "`{{outer}}` belongs to a function further out: what waits with it is not interrupted when {{whose}} is cancelled or out of time. Use {{own}}.",
      use: "Use `{{own}}`.",
      take: "Take the scope as `{{own}}`, and use it.",
    },
    suggests: true,
  },
  (context, model) => {
    /** @param {Variable} variable @param {string} kind @param {Node} use */
    const judge = (variable, kind, use) => {
      const inner = innerFunction(model, use, functionAround(/** @type {Node} */ (variable.defs[0]?.name)));
      if (inner === undefined || inner.own?.variable === variable) return;
      if (waitOf(model, use, kind, inner.own?.name) === undefined) return;
      const { own, body } = inner;
      const whose = body !== undefined && /pawn$|^start$/.test(body.name) ? "this task" : "this scope";
      const data = { outer: variable.name, whose, own: own === undefined ? "the scope that this function is given" : `\`${own.name}\`` };
      context.report({ node: use, messageId: "outer", data, suggest: suggestions(inner, use) });
    };
    /** @param {NonNullable<ReturnType<typeof innerFunction>>} inner @param {Node} use */
    const suggestions = ({ fn, own, body }, use) => {
      if (own !== undefined) return isVisible(own.name, use, own.variable) ? [{ messageId: "use", data: { own: own.name }, fix: (/** @type {import("../source/rule.mjs").Fixer} */ fixer) => fixer.replaceText(use, own.name) }] : [];
      const name = names.find((one) => model.bindings.variable({ ...use, name: one, parent: use.parent }) === undefined);
      const text = context.sourceCode.text.slice(fn.range[0], fn["body"].range[0]);
      const empty = /^(async\s*)?\(\s*\)\s*=>\s*$/.exec(text);
      if (name === undefined || empty === null || body?.parameter !== 0) return [];
      const start = fn.range[0] + text.indexOf("(") + 1;
      return [{ messageId: "take", data: { own: name }, fix: (/** @type {import("../source/rule.mjs").Fixer} */ fixer) => [fixer.insertTextBeforeRange([start, start], name), fixer.replaceText(use, name)] }];
    };
    const isVisible = (/** @type {string} */ name, /** @type {Node} */ use, /** @type {Variable} */ variable) => {
      for (let scope = context.sourceCode.getScope(use); scope; scope = /** @type {typeof scope} */ (scope.upper)) if (scope.set.has(name)) return scope.set.get(name) === variable;
      return false;
    };
    return {
      "Program:exit"() {
        for (const { variables } of context.sourceCode.scopeManager.scopes) {
          for (const variable of variables) {
            if (variable.defs.length !== 1 || variable.references.length === 0) continue;
            const kind = model.kindOfVariable(variable);
            if (kind !== undefined && scopeKinds.has(kind)) for (const { identifier, init } of variable.references) if (init !== true) judge(variable, kind, identifier);
          }
        }
      },
    };
  },
);
