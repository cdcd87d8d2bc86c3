/**
 * What one page has been told of a program, and what it has not yet: the newest state of each thing, in portions.
 *
 * Invariants
 *   1. A portion has at most `PORTION` changes. A page that reads slowly gets fewer portions and newer facts, never a backlog.
 *   2. A page that has just come is one that was told nothing: there is no other way to begin.
 */
import type { Program } from "../../../inspect/watch/program.ts";
import type { Seen } from "../../../inspect/watch/picture.ts";
import { type Batch, type CauseLink, type Change, type Places, type Resource, SKIPPED, type Step } from "../../../inspect/watch/wire.ts";
import type { PageMessage } from "./message.ts";

export const PORTION = 1_000;

export class Feed {
  readonly #program: Program;
  readonly #viewing: Disposable;
  /** Of what the page knows, how many steps there were when it was told, and how many were left out. */
  readonly #told: Map<number, { readonly steps: number; readonly skipped: number }> = new Map();
  readonly #untold: Set<Seen>;
  readonly #causes: Set<number> = new Set();
  readonly #places: Map<number, Places> = new Map();
  #resources: readonly Resource[] = [];
  #delaysAt = -1;
  #warningsAt = -1;
  #missed = 0;

  constructor(program: Program) {
    this.#program = program;
    this.#untold = new Set(program.picture.seen.values());
    this.#viewing = program.picture.view({
      changed: (seen) => void this.#untold.add(seen),
      dropped: (seen) => {
        // Its end is told to a page that knows it as alive.
        if (!this.#told.has(seen.id)) this.#untold.delete(seen);
        else if (!this.#untold.has(seen)) this.#told.delete(seen.id);
      },
    });
  }

  /** The page is gone. */
  end(): void {
    this.#viewing[Symbol.dispose]();
  }

  get behind(): number {
    return this.#untold.size;
  }

  /** The next portion. */
  next(): PageMessage {
    const { picture, status, blockedFor, identity, exitCode } = this.#program;
    const changes: Change[] = [];
    const causes: (readonly [number, readonly CauseLink[]])[] = [];
    for (const seen of this.#untold) {
      if (changes.length >= PORTION) break;
      this.#untold.delete(seen);
      changes.push(this.#change(seen));
      const chain = seen.cause === undefined || this.#causes.has(seen.cause) ? undefined : picture.causes.get(seen.cause);
      if (chain === undefined) continue;
      this.#causes.add(seen.cause!);
      causes.push([seen.cause!, chain]);
    }
    const batch: Batch = { at: picture.at, changes, causes, behind: this.#untold.size + picture.behind, missed: picture.missed - this.#missed, ...this.#rest() };
    this.#missed = picture.missed;
    return { batch, status, blockedFor, ...(identity === undefined ? {} : { identity }), ...(exitCode === undefined ? {} : { exitCode }) };
  }

  #change(seen: Seen): Change {
    const { id, parent, waits, stepsSkipped, cause, cancelledAt, deadline, endedAt, outcome, error } = seen;
    const told = this.#told.get(id);
    const fresh = freshOf(seen, told?.steps ?? 0);
    const skipped = stepsSkipped - (told?.skipped ?? 0);
    if (this.#program.picture.seen.get(id) === seen) this.#told.set(id, { steps: seen.stepsBefore + seen.steps.length, skipped: stepsSkipped });
    else this.#told.delete(id);
    return {
      id,
      parent,
      waits,
      ...(told === undefined ? { name: seen.name, kind: seen.kind, openedAt: seen.openedAt, ...(seen.isOlder ? { isOlder: true } : {}) } : {}),
      ...(fresh.length > 0 ? { steps: fresh } : {}),
      ...(skipped > 0 ? { skipped } : {}),
      ...(cause === undefined ? {} : { cause }),
      ...(cancelledAt === undefined ? {} : { cancelledAt }),
      ...(deadline === undefined ? {} : { deadline }),
      ...(endedAt === undefined ? {} : { endedAt, outcome: outcome! }),
      ...(error === undefined ? {} : { error }),
    };
  }

  /** What is new beside the changes. */
  #rest(): Pick<Batch, "delays" | "resources" | "places" | "warnings"> {
    const { picture } = this.#program;
    const delays = picture.delays.filter(({ at }) => at > this.#delaysAt);
    this.#delaysAt = picture.delays.at(-1)?.at ?? -1;
    const warnings = picture.warnings.filter(({ at }) => at > this.#warningsAt);
    this.#warningsAt = picture.warnings.at(-1)?.at ?? -1;
    const places = [...picture.places.values()].filter((place) => this.#places.get(place.id) !== place);
    for (const place of places) this.#places.set(place.id, place);
    const resources = picture.resources === this.#resources ? undefined : picture.resources;
    this.#resources = picture.resources;
    return {
      ...(delays.length > 0 ? { delays } : {}),
      ...(resources === undefined ? {} : { resources }),
      ...(places.length > 0 ? { places } : {}),
      ...(warnings.length > 0 ? { warnings } : {}),
    };
  }
}

/** The steps after the first `told` ones; where some of them are not kept any more, that is said in their place. */
function freshOf({ steps, stepsBefore, openedAt }: Seen, told: number): readonly Step[] {
  if (told >= stepsBefore) return steps.slice(told - stepsBefore);
  if (told === 0) return [[openedAt, SKIPPED], ...steps];
  const [first, ...rest] = steps as [Step, ...Step[]];
  return [[first[0], SKIPPED], ...rest];
}
