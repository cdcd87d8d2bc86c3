/**
 * Calls that wait for a worker while every worker waits for them: a work asked its caller for something, and what was asked
 * called the pool again.
 *
 *   all workers ask ── what they asked for calls this pool ──▶ told ── one is answered, ends or is cancelled ──▶ goes on
 *
 * Told as a warning, and not thrown: what was asked for may give up, or answer by another way, and nobody can see that from here.
 */
import { warn } from "../../host/warn.ts";
import type { ScopeNode } from "../../scope/node.ts";
import type { Call } from "./call.ts";
import type { Lane } from "./lane.ts";
import type { Plan } from "./plan.ts";

export class SelfWaits {
  readonly #plan: Plan;
  /** How much is being asked for. */
  #asking = 0;
  readonly #told = new WeakSet<Call>();

  constructor(plan: Plan) {
    this.#plan = plan;
  }

  asks(change: 1 | -1): void {
    this.#asking += change;
  }

  /** Looks, where anything is being asked for; `waiting` is asked for only then. Cost: the depth of the tree for each that waits. */
  look(lanes: readonly Lane[], waiting: () => Iterable<Call>): void {
    const { size, perWorker, name } = this.#plan;
    if (this.#asking === 0 || lanes.length < size) return;
    const stuck: Call[] = [];
    const behind: Call[] = [];
    for (const lane of lanes) {
      const begun: Call[] = [];
      for (const call of lane.sent) (lane.hasBegun(call) ? begun : behind).push(call);
      const isFull = begun.length >= perWorker || begun.some(({ blocksWorker }) => blocksWorker);
      if (!isFull || begun.some(({ asked }) => asked === 0)) return;
      stuck.push(...begun);
    }
    if (stuck.every((call) => this.#told.has(call))) return;
    const below = new Set<ScopeNode>();
    const first: Call[] = [];
    for (const call of [...waiting(), ...behind]) {
      for (let at = call.scope.parent; at !== undefined && !below.has(at); at = at.parent) below.add(at);
      if (stuck.some(({ scope }) => below.has(scope))) first.push(call);
    }
    if (!stuck.every(({ scope }) => below.has(scope))) return;
    for (const call of stuck) this.#told.add(call);
    const who = stuck.length === 1 ? "its only worker waits" : `all its ${stuck.length} workers wait`;
    warn(
      `"${first[0]!.work}" waits for a worker of "${name}", but ${who} for what ${quoted(stuck)} asked the caller for, and that waits for it. ` +
        `None of them goes on, unless what was asked for gives up. ` +
        `Let what a work asks for call another executor, hand the work what it needs with its input, or give the pool more workers than works ask at a time. Said once for each.`,
    );
  }
}

function quoted(calls: readonly Call[]): string {
  return [...new Set(calls.map(({ work }) => `"${work}"`))].join(", ");
}
