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
import { ScopeNode } from "../scope/node.ts";
import { TaskNode } from "../task/task-node.ts";
import { found } from "./found.ts";
import { functionOf, lifeOf, placed, traceOf } from "./life.ts";
import { settings } from "./settings.ts";
import { takeStack } from "./stacks.ts";

/** The cancelled tasks that run, and since when. */
const cancelled = new Map<TaskNode<unknown>, number>();
let isWatching = false;

export function noteCancelled(scope: Observed): void {
  if (!(scope instanceof TaskNode) || !scope.isCalled) return;
  cancelled.set(scope, host.now());
  watch();
}

/** Its cancellation was thrown to who began to wait. */
export function noteRefused(scope: Observed, label: string): void {
  deliver(scope, label, takeStack());
}

function deliver(scope: Observed, label: string, at: Trace | undefined): void {
  const task = functionOf(scope);
  // A time limit within the task is no cancellation of it.
  if (!(scope instanceof ScopeNode) || scope.cause === undefined || scope.cause !== (task as ScopeNode).cause) return;
  const life = lifeOf(task);
  if (life === undefined) return;
  life.deliveries++;
  life.deliveredAt = { label, at };
}

export function noteUnparked(wait: ObservedWait): void {
  const { scope } = wait;
  if (scope instanceof ScopeNode && scope.cause !== undefined && !scope.ended) deliver(scope, wait.label, traceOf(wait));
}

export function checkSwallowed(scope: Observed): void {
  if (!(scope instanceof TaskNode) || scope.cause === undefined) return;
  cancelled.delete(scope);
  const life = lifeOf(scope);
  if (life === undefined || life.deliveries === 0 || scope.outcome?.status !== "succeeded") return;
  found(scope, {
    kind: "swallowed-cancellation",
    what: `"${scope.name}" was cancelled (${scope.cause.message}), was thrown that ${times(life.deliveries)}, and returned as if nothing had been.`,
    standsAt: life.deliveredAt === undefined ? undefined : placed(life.deliveredAt.label, life.deliveredAt.at),
    advice: "In a catch around an await, throw on what isCancelled(error) is true for. Cleanup belongs into finally.",
  });
}

function watch(): void {
  if (isWatching) return;
  isWatching = true;
  settings.later(settings.cancelGrace / 4, () => {
    isWatching = false;
    const now = host.now();
    for (const [task, since] of cancelled) {
      if (now - since < settings.cancelGrace || isShielded(task)) continue;
      cancelled.delete(task);
      tellStuck(task, now - since);
    }
    if (cancelled.size > 0) watch();
  });
}

function tellStuck(task: TaskNode<unknown>, ms: number): void {
  const deliveries = lifeOf(task)?.deliveries ?? 0;
  const seen =
    deliveries === 0
      ? "Nothing has been thrown to it: it awaits something that knows of no scope, or computes."
      : `It was thrown that ${times(deliveries)}, and goes on.`;
  found(task, {
    kind: "stuck-cancellation",
    what: `"${task.name}" still runs ${Math.round(ms)} ms after it was cancelled (${task.cause?.message ?? "?"}). ${seen}`,
    advice:
      deliveries === 0
        ? "Hand its scope or its signal to what it awaits, wrap it in scope.wait(), and call scope.throwIfCancelled() in loops that compute."
        : "Leave the loop when an operation throws what isCancelled() is true for; a cleanup that may take its time belongs into scope.shield().",
  });
}

/** Cleanup in a shield may take as long as it needs. */
function isShielded(node: ScopeNode): boolean {
  let isThere = false;
  ScopeNode.walk(node, (below) => {
    if (below !== node && below.shielded) isThere = true;
    return !isThere;
  });
  return isThere;
}

function times(count: number): string {
  return count === 1 ? "once" : `${count} times`;
}
