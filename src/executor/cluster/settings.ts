/** What both sides of a cluster go by. */
import type { Clock } from "../../ports/clock.ts";
import type { ModuleNames } from "./module-names.ts";
import type { Subjects } from "./subjects.ts";

export interface Settings {
  /** Its own name on the network: random, and nobody else's. */
  readonly id: string;
  /** For people: the host and the process. */
  readonly label: string;
  readonly subjects: Subjects;
  readonly names: ModuleNames;
  readonly clock: Clock;
  /** For so many ms somebody is believed to be there who is not heard of. */
  readonly lease: number;
}

/** Longer ones are no leases: a dead caller's works would go on for so long. */
export const LONGEST_LEASE_MS = 3_600_000;

/** So often in a lease somebody beats. */
export const BEATS = 3;
