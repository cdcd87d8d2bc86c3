/** A root that is opened where a scope is at hand: no cancellation and no limit from around reaches it. */
import { roots } from "../source/library.mjs";
import { rule } from "../source/rule.mjs";
import { bare, keyOf } from "../source/syntax.mjs";

/** @typedef {import("../source/syntax.mjs").Node} Node */

const openers = { taskGroup: "group" };

/** Whether the options of a root say, or may say, where it belongs. A clock of its own is a world of its own. */
function saysWhere(/** @type {Node | undefined} */ options) {
  if (options === undefined) return false;
  const node = bare(options);
  if (node.type === "Identifier" && node["name"] === "undefined") return false;
  if (node.type !== "ObjectExpression") return true;
  return node["properties"].some((/** @type {Node} */ one) => one.type === "SpreadElement" || one["computed"] || keyOf(one) === "signal" || keyOf(one) === "clock");
}

export const noRootInScope = rule(
  {
    about: "What is opened where a scope is at hand is opened in it",
    messages: {
      root: "`{{name}}()` opens a root: no cancellation and no time limit of `{{scope}}` reaches it. Open it there: `{{way}}`.",
      open: "Write `{{way}}`.",
    },
    suggests: true,
  },
  (context, model) => ({
    CallExpression(node) {
      const name = model.exportOf(node["callee"]);
      const place = name === undefined ? undefined : roots.get(name);
      const given = node["arguments"];
      if (name === undefined || place === undefined || given.some((/** @type {Node} */ one) => one.type === "SpreadElement")) return;
      if (saysWhere(given[place])) return;
      const scope = model.scopeAt(node);
      if (scope === undefined) return;
      const method = openers[/** @type {keyof typeof openers} */ (name)] ?? name;
      const isMethod = name !== "openTaskGroup" && scope.kind !== "Cancellable";
      const way = isMethod ? `${scope.name}.${method}(…)` : `${name}(…, ${scope.name})`.replace("(…, ", place === 0 ? "(" : "(…, ");
      const report = { node: node["callee"], messageId: "root", data: { name, scope: scope.name, way } };
      if (!isMethod && given.length !== place) return context.report(report);
      const [first] = given.slice(-1);
      context.report({
        ...report,
        suggest: [
          {
            messageId: "open",
            data: { way },
            fix: (fixer) =>
              isMethod
                ? fixer.replaceText(node["callee"], `${scope.name}.${method}`)
                : first === undefined
                  ? fixer.insertTextBeforeRange([node.range[1] - 1, node.range[1]], scope.name)
                  : fixer.insertTextAfter(first, `, ${scope.name}`),
          },
        ],
      });
    },
  }),
);
