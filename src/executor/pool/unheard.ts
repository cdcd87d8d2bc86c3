/** What fails in a worker and is no call's failure. */
import { describe } from "../../errors/brand.ts";
import { warn } from "../../host/warn.ts";
import { diedOf } from "./failures.ts";
import type { Death } from "./carrier.ts";
import type { Lane } from "./lane.ts";
import type { Plan } from "./plan.ts";

/** Of a worker that died of an error while it ran nothing: what a work left behind, or the disposal of what it had. */
export function tellDeath(how: Death, { carrier: { label }, wasEnded }: Lane, { name, onError }: Plan): void {
  const error = wasEnded ? how.error : diedOf("WORKER_DIED", label, how);
  const when = wasEnded ? "when it was closed" : "while it ran nothing";
  try {
    if (onError !== undefined) onError(error, name);
    else warn(`${label} of ${name} died ${when}: ${describe(how.error)}. Give the executor an onError to be told.`);
  } catch (failure) {
    warn(`The onError of ${name} failed: ${describe(failure)}.`);
  }
}
