/** An operation that nobody waits for: it is cut off when its scope ends, and its failure is told to nobody, or to everybody. */
import { rule } from "../source/rule.mjs";
import { bare, contains, functionAround, isFunction, methodOf } from "../source/syntax.mjs";

/** @typedef {import("../source/syntax.mjs").Node} Node */
/** @typedef {import("../source/model.mjs").Model} Model */

/**
 * The expressions whose value a statement drops.
 * @param {Node} expression
 * @returns {Node[]}
 */
function dropped(expression) {
  const node = bare(expression);
  if (node.type === "LogicalExpression") return dropped(node["right"]);
  if (node.type === "ConditionalExpression") return [...dropped(node["consequent"]), ...dropped(node["alternate"])];
  if (node.type === "SequenceExpression") return node["expressions"].flatMap(dropped);
  return [node];
}

/**
 * The operation that a dropped value stands for: also with a `then` behind it that handles no failure.
 * @param {Model} model
 * @param {Node} node
 * @returns {{ call: Node, name: string } | undefined}
 */
function floating(model, node) {
  if (node.type !== "CallExpression") return undefined;
  const operation = model.operation(node);
  if (operation !== undefined) return { call: node, name: operation.name };
  const method = methodOf(node);
  const isLoud = method?.name === "finally" || (method?.name === "then" && node["arguments"].length < 2);
  return isLoud ? floating(model, method.receiver) : undefined;
}

/** Whether `await` may be written there. */
function canAwait(/** @type {Node | undefined} */ fn) {
  return fn === undefined || fn["async"] === true;
}

export const noFloatingOperation = rule(
  {
    about: "Each operation is awaited",
    messages: {
      floating: "Nobody waits for `{{name}}()`: it is cut off when its scope ends, and its failure is lost or unhandled. Await it, or start a task: `group.spawn(…)`.",
      each: "forEach does not wait for what its function returns: `{{name}}()` floats. Use `for … of`, or `map(…)` of the scope.",
      await: "Await it.",
    },
    suggests: true,
  },
  (context, model) => ({
    ExpressionStatement(node) {
      const fn = functionAround(node);
      for (const one of dropped(node["expression"])) {
        const found = floating(model, one);
        // A program may begin with `run(main);` where it cannot be awaited.
        if (found === undefined || (found.name === "run" && fn === undefined)) continue;
        const suggest = canAwait(fn) ? [{ messageId: "await", fix: (/** @type {import("../source/rule.mjs").Fixer} */ fixer) => fixer.insertTextBefore(one, "await ") }] : [];
        context.report({ node: one, messageId: "floating", data: { name: found.name }, suggest });
      }
    },
    CallExpression(node) {
      const [each] = node["arguments"];
      if (methodOf(node)?.name !== "forEach" || !isFunction(each)) return;
      /** @type {string | undefined} */
      let name;
      const isOperation = (/** @type {Node} */ one) => (name = model.operation(one)?.name) !== undefined;
      const isReturned = !each["async"] && each["body"].type !== "BlockStatement" && isOperation(bare(each["body"]));
      const isAwaited = () => contains(each["body"], (one) => one.type === "AwaitExpression" && isOperation(bare(one["argument"])), { functions: false });
      if (isReturned || (each["async"] && isAwaited())) context.report({ node: each, messageId: "each", data: { name: name ?? "" } });
    },
  }),
);
