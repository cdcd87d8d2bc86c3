/**
 * What an exploration found: which schedule, what happened in it, and how to run it again. Its `cause` is what the program
 * threw, a DeadlockError or an EndlessRun.
 *
 * @example
 * ```ts
 * import { explore, ExplorationError } from "espalier/testing";
 *
 * try {
 *   await explore((group, trial) => {
 *     if (trial.choose(3) === 2) throw new Error("two");
 *   });
 * } catch (error) {
 *   if (error instanceof ExplorationError) console.log(error.schedule, String(error.cause)); // 0:2 Error: two
 * }
 * ```
 */
export class ExplorationError extends Error {
  override readonly name = "ExplorationError";
  readonly code = "FOUND";
  /** The shortest schedule found that fails alike, for `replay`. */
  readonly schedule: string;
  /** The seed that found it; `undefined` where the search by deviations did. */
  readonly seed: number | undefined;
  /** How many schedules had been run when it was found. */
  readonly schedules: number;
  /** What happened under `schedule`, a line for each moment; `▸` marks a turn from the plain order. */
  get timeline(): string {
    return this.#timeline;
  }

  readonly #timeline: string;

  constructor(found: { cause: unknown; program: string; schedule: string; turns: number | "usual"; seed: number | undefined; schedules: number; timeline: string }) {
    const { cause, program, schedule, seed, schedules } = found;
    const taken = `It took ${schedules === 1 ? "1 schedule" : `${schedules} schedules`}${seed === undefined ? "" : `, to seed ${seed}`}.`;
    const turns = found.turns === 1 ? "one turn" : `${found.turns} turns`;
    const how =
      found.turns === "usual"
        ? "It fails in the usual order, without any search:"
        : `${taken} ${found.turns === 0 ? "It fails when each task goes on as long as it can:" : `The shortest that fails alike takes ${turns} from the plain order (▸):`}`;
    super(`${program} fails: ${String(cause)}\n\n${how}\n${found.timeline}\n\nTo run it again: replay(${program}, ${JSON.stringify(schedule)})`, { cause });
    this.schedule = schedule;
    this.seed = seed;
    this.schedules = schedules;
    this.#timeline = found.timeline;
  }
}

/**
 * The same schedule led elsewhere: the program is not the same in each run, and nothing that `explore` says of it could be
 * relied on.
 *
 * @example
 * ```ts
 * import { explore, NotDeterministicError } from "espalier/testing";
 *
 * let runs = 0;
 * await explore(async (group) => {
 *   if (++runs > 1) await group.checkpoint(); // kept from the run before
 * }).catch((error) => console.log(error instanceof NotDeterministicError)); // true
 * ```
 */
export class NotDeterministicError extends Error {
  override readonly name = "NotDeterministicError";
  readonly code = "NOT_DETERMINISTIC";

  constructor(program: string, what: string) {
    super(
      `${program} is not the same in each run: ${what}. An explored program makes all it uses anew, waits in library operations only, ` +
        "and uses the time of its scope and the chance of its trial: no I/O, Date.now(), Math.random(), nothing kept from the run before. " +
        "A schedule from an earlier version of the program, or of this library, may no longer fit: explore() again.",
    );
  }
}
