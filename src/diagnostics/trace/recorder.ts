/**
 * A probe that writes down what happens as events of a trace: a slice for each scope and task, and in it one for each wait; a moment for each
 * cancellation that arrives, with an arrow to it from where it came from, the scope that was cancelled or the task that failed.
 */
import type { Ending, Observed, ObservedWait, Probe } from "../../lowlevel.ts";
import type { AsyncEvent } from "./event.ts";
import { begin, beginIn, end, type Place } from "./lanes.ts";

/** Everything of an event but who writes it and when. */
export type Told = Omit<AsyncEvent, "pid" | "tid" | "ts" | "id2" | "cat"> & { readonly lane: number };

/** What is told of a cancellation, as far as it says. */
interface Cause extends Error {
  readonly source?: string;
  readonly by?: string;
  readonly reason?: unknown;
}

interface Slice {
  readonly place: Place;
  readonly name: string;
}

export function recorder(write: (told: Told) => void): Probe {
  const slices = new WeakMap<object, Slice>();
  /** By the error that a task failed with, or the cancellation itself: the arrows that begin there. */
  const arrows = new WeakMap<object, number>();
  let lastArrow = 0;
  /** Until something ends. */
  let lastOpened: Observed | undefined;

  const start = (of: object, name: string, place: Place, args: Told["args"]): void => {
    slices.set(of, { place, name });
    write({ ph: "b", lane: place.lane.id, name, ...(args === undefined ? {} : { args }) });
  };
  const stop = (of: object, args?: Told["args"]): void => {
    const slice = slices.get(of);
    if (slice === undefined) return;
    slices.delete(of);
    end(slice.place);
    write({ ph: "e", lane: slice.place.lane.id, name: slice.name, ...(args === undefined ? {} : { args }) });
  };
  /** Shown in whatever is open on the lane: so it says of whom it tells. */
  const moment = (of: Observed, name: string, { args, ...arrow }: Partial<Told> = {}): void => {
    const slice = slices.get(of);
    if (slice !== undefined) write({ ph: "n", lane: slice.place.lane.id, name, args: { of: slice.name, ...args }, ...arrow });
  };
  const arrowFrom = (origin: object): number => {
    arrows.set(origin, ++lastArrow);
    return lastArrow;
  };

  return {
    opened(scope) {
      const { kind, owner } = scope;
      const place = kind === "task" || owner === undefined ? begin() : beginIn(slices.get(owner)?.place);
      start(scope, scope.name, place, { kind, path: pathOf(scope) });
      lastOpened = scope;
    },
    calling(scope, call) {
      // At once, unless it had to wait until another one ended.
      if (scope !== lastOpened) moment(scope, "begins");
      call();
    },
    parked(wait: ObservedWait) {
      start(wait, wait.label, beginIn(slices.get(wait.scope)?.place), undefined);
    },
    unparked: (wait) => stop(wait),
    cancelled(scope) {
      const cause = scope.cause as Cause;
      const args = { source: cause.source, by: cause.by, why: cause.message };
      const known = arrows.get(cause) ?? (isObject(cause.reason) ? arrows.get(cause.reason) : undefined);
      const arrow = known ?? arrowFrom(cause);
      moment(scope, "cancelled", { args, bind_id: String(arrow), ...(known === undefined ? { flow_out: true } : { flow_in: true }) });
      if (known !== undefined) arrows.set(cause, known);
    },
    ended(scope, how, error) {
      if (how === "failed") moment(scope, "failed", { args: { error: textOf(error) }, ...(isObject(error) ? { bind_id: String(arrowFrom(error)), flow_out: true as const } : {}) });
      stop(scope, endOf(scope, how));
      lastOpened = undefined;
    },
  };
}

function endOf({ cause }: Observed, how: Ending): Told["args"] {
  return how === "cancelled" && cause !== undefined ? { status: how, why: cause.message } : { status: how };
}

function isObject(value: unknown): value is object {
  return typeof value === "object" && value !== null;
}

function textOf(error: unknown): string {
  try {
    return String(error);
  } catch {
    return "something that cannot be shown";
  }
}

/** From the root down. */
function pathOf(scope: Observed): string {
  const names: string[] = [];
  for (let at: Observed | undefined = scope; at !== undefined; at = at.owner) names.unshift(at.name);
  return names.join(" > ");
}
