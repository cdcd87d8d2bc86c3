/**
 * The tree of what runs, in text, each task with what it waits for. Equal siblings are folded into one line with their
 * number: of a thousand tasks nine hundred are alike.
 */
import type { Clock } from "../ports/clock.ts";
import { forest, ScopeNode } from "../scope/node.ts";
import type { Cancellable } from "../task/capabilities.ts";
import { findNode } from "../task/face.ts";
import { Group } from "../task/group.ts";
import { OpenedScope } from "../task/opened-scope.ts";
import { TaskNode } from "../task/task-node.ts";
import { waitsOf } from "./census.ts";

interface Entry {
  readonly line: string;
  readonly children: Entry[];
  /** The line and all below it: equal ones are folded. */
  text: string;
}

/**
 * What runs now, as a text: the scopes and tasks of all programs, each with what it waits for; with a clock those of its
 * trees, with a scope it and what is below it. Equal siblings are one line with their number. Empty when nothing
 * runs. Cost: one pass over what is alive.
 *
 * @example
 * ```ts
 * import { sleep, taskGroup } from "espalier";
 * import { testClock, treeText } from "espalier/testing";
 *
 * const clock = testClock();
 * await taskGroup(
 *   (group) => {
 *     for (let n = 0; n < 1_000; n++) group.spawn((scope) => sleep(10, scope), { name: "fetchPage" });
 *     console.log(treeText(clock).split("\n")[1]); // "  1,000 × fetchPage: sleep"
 *   },
 *   { clock, name: "crawl" },
 * );
 * ```
 */
export function treeText(of?: Clock | Cancellable): string {
  const scope = of !== undefined && "signal" in of ? findNode(of) : undefined;
  const clock = scope === undefined ? (of as Clock | undefined) : undefined;
  const top: Entry = { line: "", children: [], text: "" };
  const entries = new Map<ScopeNode, Entry>([[forest, top]]);
  ScopeNode.walk(scope ?? forest, (node) => {
    if (node === forest) return true;
    if (clock !== undefined && node.clock !== clock) return false;
    const entry: Entry = { line: lineOf(node), children: [], text: "" };
    entries.set(node, entry);
    (entries.get(node.parent ?? forest) ?? top).children.push(entry);
    return true;
  });
  // Children come after their parents, so backwards each finds its children done.
  for (const entry of [...entries.values()].reverse()) {
    const below = folded(entry.children);
    entry.text = entry === top ? below : [entry.line, ...(below === "" ? [] : [indented(below)])].join("\n");
  }
  return top.text;
}

/** Siblings in the order of coming, equal ones once, with their number. */
function folded(siblings: readonly Entry[]): string {
  const counts = new Map<string, number>();
  for (const { text } of siblings) counts.set(text, (counts.get(text) ?? 0) + 1);
  return [...counts].map(([text, count]) => (count === 1 ? text : `${count.toLocaleString("en")} × ${text}`)).join("\n");
}

function indented(text: string): string {
  return text.replace(/^/gm, "  ");
}

function lineOf(node: ScopeNode): string {
  const { kind, name } = node;
  const who = kind === "task" ? name : kind === name ? kind : `${kind} "${name}"`;
  const state = node.ended ? " (ending)" : node.cause === undefined ? "" : ` (cancelled: ${node.cause.message})`;
  const doing = doingOf(node);
  return `${who}${state}${doing === "" ? "" : `: ${doing}`}`;
}

/** What a function waits for, as far as the library knows. */
function doingOf(node: ScopeNode): string {
  const counts = new Map<string, number>();
  for (const { label } of waitsOf(node)) counts.set(label, (counts.get(label) ?? 0) + 1);
  if (counts.size > 0) return [...counts].map(([label, count]) => (count === 1 ? label : `${count.toLocaleString("en")} × ${label}`)).join(", ");
  if (node instanceof TaskNode && !node.isCalled) return "queued";
  if (node.kind === "signal") return "";
  const unknown = "runs, or awaits something outside of the library";
  if (!(node instanceof Group)) return node.first === undefined ? unknown : "";
  if (node.awaitsTasks) return "waits for its tasks";
  const children = node.children();
  if (children.some((child) => child instanceof OpenedScope && !child.isOpenedByTask)) return "";
  return children.some((child) => (child.rare?.joiners?.size ?? 0) > 0) ? "awaits a task" : unknown;
}
