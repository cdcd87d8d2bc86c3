/** A work that its module does not export under the name that it was declared with: a worker cannot find it there. */
import { rule } from "../source/rule.mjs";
import { bare, wrapped } from "../source/syntax.mjs";

/** @typedef {import("../source/syntax.mjs").Node} Node */

const declaring = new Set(["work", "callback"]);
const inPlace = new Set(["inline", "inlinePool", "openInlinePool"]);
const elsewhere = /^(threads|processes|(open)?(Thread|Process)Pool|(thread|process)Pool)$/;

/**
 * Whether a file runs its works itself, in place, where nobody looks for exports.
 * @param {Node} program
 * @param {import("../source/model.mjs").Model} model
 */
function runsInPlace(program, model) {
  const names = program["body"]
    .filter((/** @type {Node} */ one) => one.type === "ImportDeclaration" && model.isOurs(one["source"].value))
    .flatMap((/** @type {Node} */ one) => one["specifiers"].map((/** @type {Node} */ specifier) => specifier["imported"]?.name ?? ""));
  return names.some((/** @type {string} */ name) => inPlace.has(name)) && !names.some((/** @type {string} */ name) => elsewhere.test(name));
}

/**
 * The names under which a module exports a variable.
 * @param {Node} program
 * @param {string} local
 */
function exportedAs(program, local) {
  /** @type {string[]} */
  const names = [];
  for (const statement of program["body"]) {
    if (statement.type === "ExportDefaultDeclaration" && bare(statement.declaration)["name"] === local) names.push("default");
    if (statement.type !== "ExportNamedDeclaration" || statement.source) continue;
    for (const one of statement.specifiers) if (one.local.name === local) names.push(one.exported.name ?? one.exported.value);
    for (const one of statement.declaration?.declarations ?? []) if (one.id.name === local) names.push(local);
  }
  return names;
}

export const exportedWork = rule(
  {
    about: "A work is exported under the name it is declared with",
    messages: {
      name: "This is declared as `{{declared}}` and exported as `{{exported}}`: a worker that looks for `{{declared}}` does not find it.",
      missing: "`{{declared}}` is not exported: a worker takes a work from the exports of its module, and does not find it.",
      export: "Export it.",
    },
    fixable: true,
    suggests: true,
  },
  (context, model) => ({
    CallExpression(node) {
      const [meta, name] = node["arguments"];
      if (!declaring.has(model.exportOf(node["callee"]) ?? "") || meta?.type !== "MetaProperty") return;
      if (name?.type !== "Literal" || typeof name.value !== "string") return;
      const whole = wrapped(node);
      const declared = name.value;
      const rename = (/** @type {string} */ exported) =>
        context.report({ node: name, messageId: "name", data: { declared, exported }, fix: (fixer) => fixer.replaceText(name, JSON.stringify(exported)) });
      if (whole.parent.type === "ExportDefaultDeclaration") return declared === "default" ? undefined : rename("default");
      // What is handed to another function may be exported by that.
      if (whole.parent.type !== "VariableDeclarator" && whole.parent.type !== "ExpressionStatement") return;
      const local = whole.parent["id"]?.type === "Identifier" ? whole.parent["id"].name : undefined;
      const exports = local === undefined ? [] : exportedAs(context.sourceCode.ast, local);
      if (exports.includes(declared)) return;
      const [first] = exports;
      if (first !== undefined) return rename(first);
      if (runsInPlace(context.sourceCode.ast, model)) return;
      const declaration = whole.parent.parent;
      const canExport = local === declared && declaration?.type === "VariableDeclaration" && declaration.parent.type === "Program" && declaration["declarations"].length === 1;
      context.report({
        node: name,
        messageId: "missing",
        data: { declared },
        suggest: canExport ? [{ messageId: "export", fix: (fixer) => fixer.insertTextBefore(declaration, "export ") }] : [],
      });
    },
  }),
);
