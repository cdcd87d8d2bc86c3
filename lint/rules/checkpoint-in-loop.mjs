/** A loop of awaits in which nothing knows the scope: a cancellation is not felt until it has run to its end. */
import { askCancelled, putFirst, rule } from "../source/rule.mjs";
import { bare, contains, functionAround, isInFinally } from "../source/syntax.mjs";

/** @typedef {import("../source/syntax.mjs").Node} Node */
/** @typedef {import("../source/model.mjs").Model} Model */

/** Whether a loop waits for something in each round. */
function awaits(/** @type {Node} */ loop) {
  if (loop["await"] === true) return true;
  const rounds = [loop["body"], loop["test"], loop["update"]].filter(Boolean);
  return rounds.some((part) => contains(part, (node) => node.type === "AwaitExpression" || (node.type === "ForOfStatement" && node["await"]), { functions: false }));
}

/** Whether a loop goes over what is written down there: a few things, once. */
function isShort(/** @type {Node} */ loop) {
  return loop.type === "ForOfStatement" && bare(loop["right"]).type === "ArrayExpression";
}

/** Whether a loop lies in another one that is reported itself. */
function isInLoop(/** @type {Node} */ loop, /** @type {ReadonlySet<Node>} */ reported) {
  for (let at = loop.parent; at; at = at.parent) if (reported.has(at)) return true;
  return false;
}

/** Cleanup that has to come to its end whatever happens. */
function isCleanup(/** @type {Model} */ model, /** @type {Node | undefined} */ fn) {
  const name = fn && model.bodyOf(fn)?.name;
  return name === "defer" || name === "shield";
}

export const checkpointInLoop = rule(
  {
    about: "A loop of awaits feels a cancellation in each round",
    messages: {
      deaf: "Nothing in this loop knows a scope: when `{{scope}}` is cancelled it runs on to its end. Pass the scope on to what it awaits, or ask in each round: `{{statement}}`",
      ask: "Write `{{statement}}` first.",
    },
    suggests: true,
  },
  (context, model) => {
    /** @type {Set<Node>} */
    const reported = new Set();
    const judge = (/** @type {Node} */ loop) => {
      if (!awaits(loop) || isShort(loop) || isInFinally(loop) || isInLoop(loop, reported)) return;
      const scope = model.scopeAt(loop);
      // A group of one's own is waited for by its tasks, not by loops.
      if (scope === undefined || scope.owner !== functionAround(loop) || isCleanup(model, scope.owner)) return;
      if (isDeclaredHere(scope.variable, scope.owner) || model.knowsScope(loop)) return;
      reported.add(loop);
      const statement = askCancelled(scope);
      const suggest = loop["body"].type === "BlockStatement" ? [{ messageId: "ask", data: { statement }, fix: putFirst(context, loop["body"], statement) }] : [];
      context.report({ node: loop, messageId: "deaf", data: { scope: scope.name, statement }, suggest });
    };
    return { ForStatement: judge, ForInStatement: judge, ForOfStatement: judge, WhileStatement: judge, DoWhileStatement: judge };
  },
);

/** Whether a scope was opened in the function, and not handed to it. */
function isDeclaredHere(/** @type {import("../source/bindings.mjs").Variable} */ variable, /** @type {Node | undefined} */ owner) {
  return owner === undefined || variable.defs[0]?.type !== "Parameter";
}
