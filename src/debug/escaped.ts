/**
 * Async functions that nobody waits for: the deep tier. Every promise of the program is looked at.
 *
 *   called in a task ── settles, or is awaited, or its `then` is called ──▶ forgotten
 *          └── the task returns, and it runs on ── awaited after all ──▶ forgotten
 *                                                 └── nobody does ─────▶ told
 *
 * Invariants
 *   1. Of a task, at most `MOST` promises are kept at a time, of all the latest; and none of one that has ended.
 *   2. What is told of was called by code of the program: what a package or the runtime leaves running is theirs.
 */
import { host } from "#host";
import { hookPromises } from "#engine";
import { placeIn } from "../host/trace.ts";
import { warn } from "../host/warn.ts";
import { attachProbe, type Observed } from "../lowlevel.ts";
import { around, follow } from "./around.ts";
import { found } from "./found.ts";
import { isProgram } from "./frames.ts";
import { configureDebug, settings } from "./settings.ts";
import { unlessHeard } from "./unheard.ts";

const MOST = 10_000;

/** Every promise takes a stack: the loop is slower than it would be, and not blocked. */
const LEAST_BLOCKED = 1_000;

/** So many frames show who called an async function, through what of the engine lies between. */
const FRAMES = 10;

interface Made {
  readonly owner: Observed;
  /** Where it was made. */
  readonly at: Error;
  /** Once its task has ended: to be called when somebody awaits it. */
  heard: (() => void) | undefined;
}

const all = new WeakMap<Promise<unknown>, Made>();
const byOwner = new WeakMap<Observed, Set<Made>>();
const ended = new WeakSet<Observed>();
let isWatching = false;

/**
 * The deep tier of debug mode, as `ESPALIER_DEBUG=deep` turns it on: from now on, plain async functions that a task left running, with nobody
 * to await them, are told too (`"forgotten-await"`). Waits for nothing. False, with a warning, where the engine tells of no promises (Bun, browsers).
 *
 * Cost: some 10 µs for each promise of the program. For tests, and for hunting.
 *
 * @example
 * ```ts
 * import { taskGroup } from "espalier";
 * import { onReport, watchPromises } from "espalier/debug";
 *
 * watchPromises();
 * const found = onReport(({ what }) => console.log(what));
 * const save = async () => void (await new Promise(() => {}));
 * await taskGroup((group) => void group.spawn(() => void save(), { name: "order" }));
 * ```
 */
export function watchPromises(): boolean {
  if (isWatching) return true;
  follow();
  isWatching = hookPromises({ init, settled });
  if (!isWatching) {
    warn(`The deep tier of debug mode needs an engine that tells of its promises, and ${host.runtime} has none: plain async functions whose await was forgotten are not seen here. All else of debug mode is on.`);
    return false;
  }
  configureDebug({ blocked: Math.max(settings.blocked, LEAST_BLOCKED) });
  attachProbe({ ended: (scope, how) => judge(scope, how === "succeeded") });
  return true;
}

function init(promise: Promise<unknown>, parent: Promise<unknown> | undefined): void {
  if (parent !== undefined) return drop(all.get(parent));
  const owner = around();
  if (owner === undefined || ended.has(owner)) return;
  const made: Made = { owner, at: stackHere(), heard: undefined };
  all.set(promise, made);
  let own = byOwner.get(owner);
  if (own === undefined) byOwner.set(owner, (own = new Set()));
  if (own.size >= MOST) for (const oldest of own) if (own.delete(oldest)) break;
  own.add(made);
}

function settled(promise: Promise<unknown>): void {
  const made = all.get(promise);
  if (made !== undefined && made.heard === undefined) drop(made);
}

function drop(made: Made | undefined): void {
  if (made === undefined) return;
  byOwner.get(made.owner)?.delete(made);
  made.heard?.();
}

function judge(owner: Observed, hasReturned: boolean): void {
  const own = byOwner.get(owner);
  byOwner.delete(owner);
  ended.add(owner);
  if (own === undefined || !hasReturned) return;
  /** In a loop the same line calls many. */
  const told = new Set<string>();
  for (const made of own) {
    const call = callIn(made.at);
    if (call === undefined) continue;
    made.heard = unlessHeard(() => {
      if (!told.has(call.place)) tellEscaped(owner, call);
      told.add(call.place);
    });
  }
}

function tellEscaped(owner: Observed, { name, place }: Call): void {
  found(owner, {
    kind: "forgotten-await",
    what: `${name === undefined ? "An async function" : `The async function "${name}"`} was still running when "${owner.name}" had returned, and nobody awaits it.`,
    standsAt: place,
    advice: "await it; or spawn it in a group, as a daemon if the group is not to wait for it. Where it is meant to be left alone, say so by handling its failure: .catch(…).",
  });
}

function stackHere(): Error {
  const engine = Error as { stackTraceLimit?: number };
  const limit = engine.stackTraceLimit;
  engine.stackTraceLimit = FRAMES;
  const error = new Error();
  if (limit !== undefined) engine.stackTraceLimit = limit;
  return error;
}

/** The call of an async function. */
interface Call {
  readonly name: string | undefined;
  readonly place: string;
}

/** What was called, if it is an async function that code of the program called: the first frame is its own, the next its caller's. */
function callIn({ stack = "" }: Error): Call | undefined {
  const frames = stack.split("\n").filter((line) => /^\s*at /.test(line) && !HOOK.test(line));
  const [callee, ...callers] = frames;
  // A promise that no async function made: by the constructor, by Promise.all, …
  if (callee === undefined || isNative(callee)) return undefined;
  const caller = callers.find((frame) => !isNative(frame));
  if (caller === undefined || !isProgram(caller)) return undefined;
  return { name: /^\s*at (?:async )?(.+) \(/.exec(callee)?.[1], place: placeIn(caller)! };
}

/** Ours, and what Deno, and Node.js up to 22, have around a hook. */
const HOOK = /[\\/]debug[\\/]escaped\.[jt]s:|\(ext:deno_node[\\/]v8|\(node:internal\/promise_hooks:/;

function isNative(frame: string): boolean {
  return frame.includes("<anonymous>)");
}
