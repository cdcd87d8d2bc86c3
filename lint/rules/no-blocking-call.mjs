/** A call that stops the whole event loop, in a function that others share it with. */
import { rule } from "../source/rule.mjs";
import { bare, functionAround, methodOf } from "../source/syntax.mjs";

/** @typedef {import("../source/syntax.mjs").Node} Node */
/** @typedef {import("../source/model.mjs").Model} Model */

const modules = new Set(["fs", "child_process", "crypto", "zlib", "fs-extra", "graceful-fs"]);
/** A look that takes microseconds, and has no namesake that is as plain. */
const harmless = new Set(["existsSync"]);
/** Those of `fs` that have a namesake in `fs.promises`. */
const promised = /^(access|appendFile|chmod|chown|copyFile|cp|lstat|mkdir|mkdtemp|opendir|readFile|readdir|readlink|realpath|rename|rm|rmdir|stat|statfs|symlink|truncate|unlink|utimes|writeFile)Sync$/;

/**
 * The function whose turn a call takes: through functions that are called at once.
 * @param {Model} model
 * @param {Node} node
 */
function isInAsync(model, node) {
  const fn = functionAround(node);
  if (fn === undefined) return false;
  const body = model.bodyOf(fn);
  // A work runs where it may block.
  if (body?.name === "work") return false;
  const own = model.scopeAt(node);
  if (own?.owner !== undefined && model.bodyOf(own.owner)?.name === "work") return false;
  return fn["async"] === true || body !== undefined || own !== undefined;
}

export const noBlockingCall = rule(
  {
    about: "Nothing blocks the event loop in asynchronous code",
    messages: {
      blocks: "`{{name}}()` blocks the event loop: no other task, timer or cancellation gets its turn until it returns. Use the asynchronous one{{where}}.",
      await: "Write `await {{way}}(…)`.",
    },
    suggests: true,
    schema: [{ type: "object", properties: { allow: { type: "array", items: { type: "string" } } }, additionalProperties: false }],
  },
  (context, model) => {
    const allowed = new Set(context.options[0]?.allow ?? []);
    /** @param {Node} call @returns {{ name: string, way?: string } | undefined} */
    const blocking = (call) => {
      const callee = bare(call["callee"]);
      const method = methodOf(call);
      if (method?.name === "wait" && method.receiver["name"] === "Atomics" && model.bindings.isGlobal(method.receiver)) return { name: "Atomics.wait" };
      const origin = model.bindings.origin(callee);
      const name = origin?.path.at(-1);
      if (origin === undefined || name === undefined || !name.endsWith("Sync") || !modules.has(origin.source.replace(/^node:/, ""))) return undefined;
      const isPlain = /^(node:)?fs$/.test(origin.source) && origin.path.length === 1 && promised.test(name) && method !== undefined;
      return { name, ...(isPlain ? { way: `${context.sourceCode.getText(callee["object"])}.promises.${name.slice(0, -4)}` } : {}) };
    };
    return {
      CallExpression(node) {
        const found = blocking(node);
        if (found === undefined || harmless.has(found.name) || allowed.has(found.name) || !isInAsync(model, node)) return;
        const where = found.name === "Atomics.wait" ? ": `Atomics.waitAsync`" : ", or a work in a thread";
        const { way } = found;
        const canAwait = functionAround(node)?.["async"] === true;
        const fix = (/** @type {import("../source/rule.mjs").Fixer} */ fixer) => {
          const awaited = `await ${way}`;
          const isRead = node.parent.type === "MemberExpression" || (node.parent.type === "CallExpression" && node.parent["callee"] === node);
          return isRead ? [fixer.replaceText(node["callee"], `(${awaited}`), fixer.insertTextAfter(node, ")")] : fixer.replaceText(node["callee"], awaited);
        };
        context.report({
          node: node["callee"],
          messageId: "blocks",
          data: { name: found.name, where },
          suggest: way === undefined || !canAwait ? [] : [{ messageId: "await", data: { way }, fix }],
        });
      },
    };
  },
);
