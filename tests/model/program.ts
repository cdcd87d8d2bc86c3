/**
 * Programs as plain data: what a user might write with the library, small enough to be printed, shrunk and
 * judged. Every name is unique in its program and stands for one scope, task, cleanup, promise or error, so the
 * trace of a run needs no other identity.
 *
 * Every program is valid: a step that names something which does not exist (yet) does nothing. So a shrunk
 * program needs no repair. Every program ends: whoever runs it cancels its root at last.
 */
export type Name = string;
export type Block = readonly Step[];

export interface Program {
  readonly root: RootOpening;
  /** Whether the root is given a signal from outside. */
  readonly signal: boolean;
  /** What is done from outside, each at its time, all acts of one in the same turn. */
  readonly actors: readonly Actor[];
  /** How the run is watched: by a probe, which touches nothing, or by `onCancel` and `settled()` everywhere. */
  readonly watch: "probe" | "handlers";
}

export interface Actor {
  readonly at: number;
  readonly acts: readonly Act[];
}

/** A call that opens a scope. */
export type Opening = GroupOpening | LimitedOpening | Combination;

/** What the last call can cancel: a group, `failAfter` or `moveOnAfter`. */
export type RootOpening = GroupOpening | LimitedOpening;

export interface GroupOpening {
  readonly kind: "group";
  readonly name: Name;
  readonly body: Block;
  readonly errors?: "first" | undefined;
  readonly concurrency?: number | undefined;
  readonly onError?: Reporter | undefined;
}

export interface LimitedOpening {
  readonly kind: "failAfter" | "moveOnAfter" | "shield";
  readonly name: Name;
  readonly body: Block;
  /** The time limit; Infinity for none. */
  readonly ms: number;
}

/** A combinator with its functions; for `map` they are what it does with its items. */
export interface Combination {
  readonly kind: "all" | "allSettled" | "race" | "any" | "map";
  readonly name: Name;
  readonly branches: readonly Branch[];
  /** For `race` and `any`. */
  readonly discard?: Reporter | undefined;
  /** For `map`. */
  readonly concurrency?: number | undefined;
  readonly source?: Source | undefined;
}

export interface Branch {
  readonly name: Name;
  readonly body: Block;
}

/** Where `map` has its items from: gives one after `ms` (`undefined`: synchronously), and fails after the last, if it has an `error`. */
export interface Source {
  readonly ms?: number | undefined;
  readonly error?: Name | undefined;
}

/** A group's `onError`, or a `discard`: works for `ms` (0: synchronously), then throws `error`, if it has one. */
export interface Reporter {
  readonly ms: number;
  readonly error?: Name | undefined;
}

export interface TaskSpec {
  readonly name: Name;
  readonly daemon: boolean;
  readonly body: Block;
}

export interface CleanupSpec {
  readonly name: Name;
  readonly ms: number;
  readonly body: Block;
}

/** What may also be done from outside, in the middle of no function. */
export type Act =
  | { readonly do: "cancel"; readonly target: Name; readonly reason?: string | undefined }
  | { readonly do: "reschedule"; readonly target: Name; readonly ms: number }
  | { readonly do: "fulfil"; readonly promise: Name; readonly error?: Name | undefined }
  | { readonly do: "abort" };

/** The scope in which a step waits; the innermost one where it says nothing. */
interface Waits {
  readonly in?: Name | undefined;
}

export type Step =
  | Act
  | ({ readonly do: "sleep"; readonly ms: number } & Waits)
  | ({ readonly do: "forever" | "checkpoint" } & Waits)
  /** Awaits a promise of the clock's that knows nothing of scopes. */
  | { readonly do: "deaf"; readonly ms: number }
  | ({ readonly do: "wait"; readonly promise: Name } & Waits)
  | ({ readonly do: "join" | "settled"; readonly task: Name } & Waits)
  | ({ readonly do: "open"; readonly opening: Opening } & Waits)
  /** Opens all of them and awaits them with the platform's Promise.all. */
  | { readonly do: "together"; readonly openings: readonly Opening[] }
  /** Opens it and never awaits it. */
  | { readonly do: "forget"; readonly opening: Opening }
  | { readonly do: "spawn" | "trySpawn"; readonly group: Name; readonly task: TaskSpec }
  | ({ readonly do: "vacancy"; readonly group: Name } & Waits)
  /** Waits for a vacancy, then spawns if there is room. */
  | ({ readonly do: "admit"; readonly group: Name; readonly task: TaskSpec } & Waits)
  | ({ readonly do: "start"; readonly group: Name; readonly task: TaskSpec } & Waits)
  /** In a task that is being started: calls `started()`. */
  | { readonly do: "started" }
  | { readonly do: "throw"; readonly what: Thrown; readonly error: Name }
  | { readonly do: "try"; readonly body: Block; readonly reaction: Reaction }
  | { readonly do: "finally"; readonly body: Block; readonly cleanup: Block }
  | ({ readonly do: "defer"; readonly cleanup: CleanupSpec } & Waits)
  | ({ readonly do: "onCancel" | "look" } & Waits);

/** An Error, the platform's AbortError, a string, or the error that was last kept by a `try`. */
export type Thrown = "error" | "abort" | "text" | "kept";

/** What a `catch` does with what it caught. */
export type Reaction =
  | { readonly to: "swallow" | "rethrow" | "keep" | "abort" | "bareAbort" }
  | { readonly to: "replace" | "aggregate" | "suppress"; readonly error: Name };

/** The blocks of a step, for whoever walks through programs. */
export function blocksOf(step: Step): readonly Block[] {
  switch (step.do) {
    case "open":
    case "forget":
      return bodiesOf(step.opening);
    case "together":
      return step.openings.flatMap(bodiesOf);
    case "spawn":
    case "trySpawn":
    case "admit":
    case "start":
      return [step.task.body];
    case "try":
      return [step.body];
    case "finally":
      return [step.body, step.cleanup];
    case "defer":
      return [step.cleanup.body];
    default:
      return [];
  }
}

/** What a call runs. */
export function bodiesOf(opening: Opening): readonly Block[] {
  return isCombination(opening) ? opening.branches.map(({ body }) => body) : [opening.body];
}

export function isCombination(spec: { readonly kind: string }): spec is Combination {
  return "branches" in spec;
}

/** How many steps there are in a program. */
export function sizeOf(program: Program): number {
  const count = (block: Block): number => block.reduce((sum, step) => sum + 1 + blocksOf(step).reduce((inner, one) => inner + count(one), 0), 0);
  return count(program.root.body) + program.actors.reduce((sum, { acts }) => sum + acts.length, 0);
}
