/**
 * Cancellations that do not get through: caught and not thrown on, or never seen.
 *
 *   cancelled ── thrown to it at its operations ──▶ ended as cancelled, or failed         fine
 *       │                  └──────────────────────▶ ended as if nothing had been          swallowed
 *       └── the grace is over, and it runs ────────────────────────────────────────────▶ stuck, once
 */
import { host } from "#host";
import type { Trace } from "../host/trace.ts";
import type { Observed, ObservedWait } from "../lowlevel.ts";
import { forest, ScopeNode } from "../scope/node.ts";
import { TaskNode } from "../task/task-node.ts";
import { found } from "./found.ts";
import { functionOf, lifeFor, lifeOf, placed, traceOf } from "./life.ts";
import { settings } from "./settings.ts";
import { takeStack } from "./stacks.ts";

/** The cancelled tasks that were found running, and when that was for the first time; `Infinity` where it was told. */
let late = new Map<TaskNode<unknown>, number>();
let isWatching = false;

/** There is something to look for. To keep each of 10,000 that are cancelled at once, and end at once, would be dear. */
export function noteCancelled(): void {
  if (isWatching) return;
  isWatching = true;
  settings.later(settings.cancelGrace / 4, look);
}

/** Its cancellation was thrown to who began to wait. */
export function noteRefused(scope: Observed, label: string): void {
  deliver(scope, label, takeStack());
}

function deliver(scope: Observed, label: string, at: Trace | undefined): void {
  const task = functionOf(scope);
  // A time limit within the task is no cancellation of it.
  if (!(scope instanceof ScopeNode) || scope.cause === undefined || scope.cause !== (task as ScopeNode).cause) return;
  const life = lifeFor(task);
  life.deliveries++;
  life.deliveredTo = label;
  life.deliveredAt = at;
}

export function noteUnparked(wait: ObservedWait): void {
  const { scope } = wait;
  if (scope instanceof ScopeNode && scope.cause !== undefined && !scope.ended) deliver(scope, wait.label, traceOf(wait));
}

export function checkSwallowed(scope: Observed): void {
  if (!(scope instanceof TaskNode) || scope.cause === undefined) return;
  const life = lifeOf(scope);
  if (life === undefined || life.deliveries === 0 || scope.outcome?.status !== "succeeded") return;
  found(scope, {
    kind: "swallowed-cancellation",
    what: `"${scope.name}" was cancelled (${scope.cause.message}), was thrown that ${times(life.deliveries)}, and returned as if nothing had been.`,
    standsAt: placed(life.deliveredTo, life.deliveredAt),
    advice: "In a catch around an await, throw on what isCancelled(error) is true for. Cleanup belongs into finally.",
  });
}

function look(): void {
  isWatching = false;
  const now = host.now();
  const found = new Map<TaskNode<unknown>, number>();
  ScopeNode.walk(forest, (node) => {
    if (!(node instanceof TaskNode) || node.cause === undefined || node.ended || !node.isCalled) return true;
    let since = late.get(node) ?? now;
    if (now - since >= settings.cancelGrace && !isExcused(node)) {
      tellStuck(node, now - since);
      since = Infinity;
    }
    found.set(node, since);
    return true;
  });
  late = found;
  if ([...found.values()].some((since) => since !== Infinity)) noteCancelled();
}

function tellStuck(task: TaskNode<unknown>, ms: number): void {
  const deliveries = lifeOf(task)?.deliveries ?? 0;
  const seen =
    deliveries === 0
      ? "Nothing has been thrown to it: it awaits something that knows of no scope, or computes."
      : `It was thrown that ${times(deliveries)}, and goes on.`;
  found(task, {
    kind: "stuck-cancellation",
    what: `"${task.name}" still runs ${Math.round(ms)} ms and more after it was cancelled (${task.cause?.message ?? "?"}). ${seen}`,
    advice:
      deliveries === 0
        ? "Hand its scope or its signal to what it awaits, wrap it in scope.wait(), and call scope.throwIfCancelled() in loops that compute."
        : "Leave the loop when an operation throws what isCancelled() is true for; a cleanup that may take its time belongs into scope.shield().",
  });
}

/** Cleanup in a shield may take as long as it needs; and who has a task below that still runs waits for that one, which is told. */
function isExcused(node: ScopeNode): boolean {
  let isThere = false;
  ScopeNode.walk(node, (below) => {
    if (below !== node && (below.shielded || (below instanceof TaskNode && below.isCalled))) isThere = true;
    return !isThere;
  });
  return isThere;
}

function times(count: number): string {
  return count === 1 ? "once" : `${count} times`;
}
