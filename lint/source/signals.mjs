/**
 * The functions of the platform that take a signal, and where: what can be interrupted, if only it is told.
 */
import { bare } from "./syntax.mjs";

/** @typedef {import("./syntax.mjs").Node} Node */
/** @typedef {import("./model.mjs").Model} Model */
/** @typedef {{ name: string, options: number | "last" }} Taker `options`: the place of the options with the signal */

/** @type {Readonly<Record<string, Readonly<Record<string, number | "last">>>>} */
const takers = {
  "timers/promises": { setTimeout: 2, setInterval: 2, "scheduler.wait": 1 },
  timers: { "promises.setTimeout": 2, "promises.setInterval": 2 },
  events: { once: 2, on: 2, "EventEmitter.once": 2, "EventEmitter.on": 2 },
  "fs/promises": { readFile: 1, writeFile: 2, watch: 1 },
  fs: { "promises.readFile": 1, "promises.writeFile": 2, "promises.watch": 1 },
  "stream/promises": { pipeline: "last", finished: 1 },
  stream: { "promises.pipeline": "last", "promises.finished": 1 },
  undici: { fetch: 1, request: 1, stream: 1, pipeline: 1 },
};

/**
 * The function of the platform that a call is of, if it takes a signal.
 * @param {Model} model
 * @param {Node} call
 * @returns {Taker | undefined}
 */
export function acceptsSignal(model, call) {
  const callee = bare(call["callee"]);
  const isFetch = callee.type === "Identifier" ? callee["name"] === "fetch" && model.bindings.isGlobal(callee) : isGlobalFetch(model, callee);
  if (isFetch) return { name: "fetch", options: 1 };
  const origin = model.bindings.origin(callee);
  if (origin === undefined) return undefined;
  const name = origin.path.join(".");
  const known = takers[origin.source.replace(/^node:/, "")];
  return known !== undefined && Object.hasOwn(known, name) ? { name, options: known[name] ?? 0 } : undefined;
}

/** @param {Model} model @param {Node} callee */
function isGlobalFetch(model, callee) {
  if (callee.type !== "MemberExpression" || callee["property"].name !== "fetch") return false;
  const object = bare(callee["object"]);
  return object.type === "Identifier" && ["globalThis", "window", "self"].includes(object["name"]) && model.bindings.isGlobal(object);
}
