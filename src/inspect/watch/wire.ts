/**
 * What a watched program tells whoever watches it: lines of JSON, each a batch of changes. All times are in ms since the program began.
 *
 *   program ── hello ──▶ ── batch ──▶ ◀── next ── ── batch ──▶ … ── bye ──▶
 *
 * A batch is sent when the one before was asked to be followed: who watches slowly gets fewer and newer facts, never a backlog.
 */

/** What a function waited for from a moment on: the label of an operation, or "" while it runs, or `SKIPPED`. */
export type Step = readonly [at: number, label: string];

/** In the place of steps that were left out. */
export const SKIPPED = "…";

/** A scope or task: all of it at first, then what has changed. */
export interface Change {
  readonly id: number;
  readonly parent?: number;
  readonly name?: string;
  readonly kind?: string;
  /** When it was opened; for what was there before anybody watched, when that began. */
  readonly openedAt?: number;
  /** It was there before anybody watched: it is older than `openedAt`. */
  readonly isOlder?: boolean;
  /** What it waits for now. */
  readonly waits?: readonly string[];
  readonly steps?: readonly Step[];
  /** So many steps were left out: there were too many of them. Where they would be is a step that says `SKIPPED`. */
  readonly skipped?: number;
  /** A key of `causes`. */
  readonly cause?: number;
  readonly cancelledAt?: number;
  /** Its own time limit. */
  readonly deadline?: number;
  readonly endedAt?: number;
  readonly outcome?: Outcome;
  readonly error?: string;
}

export type Outcome = "succeeded" | "failed" | "cancelled";

/** Why something was cancelled: the cancellation first, then what caused it. */
export interface CauseLink {
  readonly text: string;
  /** For a cancellation: whose it is, and how it came about. */
  readonly source?: string;
  readonly by?: string;
}

/** How late the event loop came round from the batch before until then, in ms. */
export interface Delay {
  readonly at: number;
  readonly mean: number;
  readonly max: number;
}

/** A pool, a channel, an executor. */
export interface Resource {
  readonly kind: string;
  readonly name: string;
  /** Its figures, by name. */
  readonly figures: Readonly<Record<string, number>>;
  readonly holders: readonly { readonly id: number; readonly since: number }[];
}

/** Where a scope or task was started, and where it stands: in debug mode. */
export interface Places {
  readonly id: number;
  readonly started?: string;
  readonly stands?: string;
}

export interface Hello {
  readonly hello: {
    readonly pid: number;
    readonly runtime: string;
    readonly command: string;
    readonly cwd: string;
    /** In ms since 1970. */
    readonly began: number;
  };
}

export interface Batch {
  readonly at: number;
  readonly changes: readonly Change[];
  /** So many more have changed, and come later. */
  readonly behind: number;
  /** So many began and ended between two batches, too many to be told of. */
  readonly missed: number;
  readonly causes: readonly (readonly [key: number, chain: readonly CauseLink[]])[];
  readonly delays?: readonly Delay[];
  readonly resources?: readonly Resource[];
  readonly places?: readonly Places[];
  readonly warnings?: readonly { readonly at: number; readonly text: string }[];
}

/** What who watches says: send the next one, and the places of these. */
export interface Next {
  readonly next: readonly number[];
}

/** Says whether a value is a batch: it comes from another program. */
export function isBatch(value: unknown): value is Batch {
  const { at, changes, causes } = (value ?? {}) as Partial<Batch>;
  return typeof at === "number" && Array.isArray(changes) && changes.every((change: unknown) => Number.isSafeInteger((change as Partial<Change> | null)?.id)) && Array.isArray(causes);
}

export function isHello(value: unknown): value is Hello {
  const { pid, runtime, command, cwd } = ((value ?? {}) as Partial<Hello>).hello ?? {};
  return typeof pid === "number" && typeof runtime === "string" && typeof command === "string" && typeof cwd === "string";
}
