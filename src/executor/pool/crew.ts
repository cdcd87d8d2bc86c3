/**
 * The workers of a pool, and who of them gets which calls.
 *
 * Invariants
 *   1. While a call waits and a worker is idle, it is on its way to it. What another worker has not begun counts as waiting from
 *      the next turn on: whoever waited for the results of this one may have calls of its own for the worker that is idle, and
 *      what is taken from another was sent, and copied, for nothing.
 *   2. There are never more workers than `size`; one that was ended counts until it is gone.
 *   3. A worker that is to be recycled has run something, and keeps what it has begun.
 *   4. A call whose input is handed over goes to a worker that begins it at once: it cannot be given to another one.
 */
import { host } from "#host";
import type { Extra } from "../wire/messages.ts";
import type { Clone } from "../wire/uncloneable.ts";
import type { Backlog } from "./backlog.ts";
import type { Call } from "./call.ts";
import type { Launcher } from "./carrier.ts";
import { Depth } from "./depth.ts";
import { Lane, type LaneEvents } from "./lane.ts";
import type { Plan } from "./plan.ts";

const RETRY_MS = 1_000;

export interface CrewEvents extends LaneEvents {
  extraOf(call: Call): Extra | undefined;
  /** Its input cannot be sent. */
  unsendable(call: Call, error: unknown, clone: Clone | undefined): void;
}

export class Crew {
  readonly lanes: Lane[] = [];
  readonly #plan: Plan;
  readonly #launcher: Launcher;
  readonly #events: CrewEvents;
  readonly #backlog: Backlog;
  readonly #depth = new Depth();
  /** The next turn looks who is idle. */
  #isToSteal = false;
  #stopIdling: (() => void) | undefined;
  /** When a worker last ended before it was ready: while others do the work, the next one is not tried at once. */
  #triedAt = -Infinity;

  constructor(plan: Plan, launcher: Launcher, backlog: Backlog, events: CrewEvents) {
    this.#plan = plan;
    this.#launcher = launcher;
    this.#backlog = backlog;
    this.#events = events;
  }

  learn(ms: number): void {
    this.#depth.learn(ms);
  }

  /** Starts as many workers as `load` calls can use; throws if not even one can be started, and there is none. */
  grow(load: number): void {
    const wanted = Math.min(this.#plan.size, Math.max(this.#plan.min, load > 0 ? 1 : 0, Math.ceil(load / this.#plan.perWorker)));
    if (this.lanes.length > 0 && this.#events.now() < this.#triedAt + RETRY_MS) return;
    while (this.lanes.length < wanted) {
      try {
        this.lanes.push(new Lane(this.#launcher, this.#events, this.#events.now()));
      } catch (error) {
        if (this.lanes.length === 0) throw error;
        return;
      }
    }
  }

  /** Gives what waits to who has room, and in the next turn to idle workers what others have not begun. */
  distribute(): void {
    const ready = this.lanes.filter(({ state }) => state === "ready");
    if (ready.length === 0) return;
    ready.sort((a, b) => a.sent.size - b.sent.size);
    const open = ready.filter((lane) => this.#room(lane) > 0);
    for (let at = 0; at < open.length && this.#backlog.size > 0; at++) {
      this.#feed(open[at]!, Math.min(this.#room(open[at]!), Math.ceil(this.#backlog.size / (open.length - at))));
    }
    if (!this.#isToSteal && ready.some((lane) => this.#isIdle(lane)) && this.#busiestOf(ready) !== undefined) {
      this.#isToSteal = true;
      host.nextTurn(() => this.#share());
    }
  }

  #share(): void {
    this.#isToSteal = false;
    const ready = this.lanes.filter(({ state }) => state === "ready");
    for (const lane of ready) if (this.#isIdle(lane)) this.#steal(lane, this.#busiestOf(ready));
  }

  /** Whether it could begin another one at once. */
  #isIdle({ sent }: Lane): boolean {
    return sent.size < this.#plan.perWorker;
  }

  /** The one with most to do, of those with something that another one could do. */
  #busiestOf(ready: readonly Lane[]): Lane | undefined {
    let busiest: Lane | undefined;
    for (const lane of ready) if (lane.canWithdraw && lane.sent.size > (busiest?.sent.size ?? this.#plan.perWorker)) busiest = lane;
    return busiest;
  }

  /** How many calls it can take. Where it is given some ahead, none before half of them are done, unless it can begin them at once. */
  #room(lane: Lane): number {
    const { perWorker } = this.#plan;
    if (!lane.canWithdraw) return perWorker - lane.sent.size;
    const depth = this.#depth.of(perWorker);
    return lane.sent.size > Math.max(depth / 2, perWorker - 1) ? 0 : depth - lane.sent.size;
  }

  gone(lane: Lane): void {
    const at = this.lanes.indexOf(lane);
    if (at >= 0) this.lanes.splice(at, 1);
    if (!lane.wasReady && !lane.wasEnded) this.#triedAt = this.#events.now();
  }

  /** Ends workers whose part is done, and those that nobody has needed for a while. */
  rest(lane: Lane): void {
    const { calls = Infinity, age = Infinity, heap = Infinity } = this.#plan.recycle;
    const now = this.#events.now();
    if (lane.served > 0 && (lane.served >= calls || now - lane.bornAt >= age || lane.heap >= heap)) return this.#recycle(lane);
    if (lane.sent.size > 0) return;
    lane.idleSince = now;
    if (this.#stopIdling === undefined && this.lanes.length > this.#plan.min && this.#plan.idle < Infinity) this.#watchIdle();
  }

  /** What it has not begun goes to others: it may be busy for long. */
  #recycle(lane: Lane): void {
    for (const call of lane.takeBack()) this.#backlog.putBack(call);
    lane.retire();
  }

  end(): void {
    this.#stopIdling?.();
    for (const lane of this.lanes) lane.retire();
  }

  #watchIdle(): void {
    this.#stopIdling = this.#launcher.later(this.#plan.idle, () => {
      this.#stopIdling = undefined;
      const since = this.#events.now() - this.#plan.idle;
      // Those that are to end anyhow are none of the least number.
      let spare = this.lanes.filter(({ state }) => state === "starting" || state === "ready").length - this.#plan.min;
      for (const lane of this.lanes) {
        if (spare <= 0) return;
        if (lane.state !== "ready" || lane.sent.size > 0) continue;
        if (lane.idleSince > since) {
          if (this.#stopIdling === undefined) this.#watchIdle();
          continue;
        }
        lane.retire();
        spare--;
      }
    });
  }

  #feed(lane: Lane, most: number): void {
    const batch: Call[] = [];
    while (batch.length < most) {
      const call = this.#backlog.next();
      if (call === undefined) break;
      if (call.isHandedOver && lane.sent.size + batch.length >= this.#plan.perWorker) {
        this.#backlog.putBack(call);
        break;
      }
      batch.push(call);
    }
    if (batch.length > 0) this.#send(lane, batch);
  }

  #send(lane: Lane, batch: readonly Call[]): void {
    lane.send(batch, this.#events.extraOf, (call, error) => this.#events.unsendable(call, error, lane.carrier.clone));
  }

  /** Half of what the busiest one has not begun. */
  #steal(lane: Lane, busiest: Lane | undefined): void {
    if (busiest === undefined) return;
    const batch: Call[] = [];
    const spare = busiest.sent.size - this.#plan.perWorker;
    // And no less than it can begin at once.
    const most = Math.max(Math.ceil(spare / 2), Math.min(spare, this.#plan.perWorker - lane.sent.size));
    for (let call = busiest.sent.last; call !== undefined && batch.length < most; ) {
      const before = call.before as Call | undefined;
      if (!call.isHandedOver) {
        // They are begun in order: where one has been, all before it have.
        if (!busiest.withdraw(call)) break;
        batch.unshift(call);
      }
      call = before;
    }
    if (batch.length > 0) this.#send(lane, batch);
  }
}
