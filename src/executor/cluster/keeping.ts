import type { DurableSettings } from "./options.ts";
import type { Keeping } from "./transport.ts";

const REMEMBER_MS = 7 * 24 * 3_600_000;
const MOST_REPLICAS = 5;
/** Of NATS: shorter ones it refuses, and longer ones are no number of nanoseconds of its own. */
const LEAST_MS = 100;
const MOST_MS = 9e12;

/** What the option says, checked; `undefined` where nothing is kept. Throws RangeError. */
export function keepingOf(durable: boolean | DurableSettings | undefined): Keeping | undefined {
  if (durable === undefined || durable === false) return undefined;
  const { replicas = 1, remember = REMEMBER_MS } = durable === true ? {} : durable;
  if (!Number.isInteger(replicas) || replicas < 1 || replicas > MOST_REPLICAS) throw new RangeError(`A durable cluster needs a whole number from 1 to ${MOST_REPLICAS} as its replicas, and got ${String(replicas)}.`);
  if (typeof remember !== "number" || !(remember >= LEAST_MS && (remember <= MOST_MS || remember === Infinity))) {
    throw new RangeError(`A durable cluster needs a number from ${LEAST_MS} to ${MOST_MS} as how long it is to remember, in ms, or Infinity, which is for ever, and got ${String(remember)}.`);
  }
  // To NATS, nothing is for ever.
  return { replicas, remember: remember === Infinity ? 0 : remember };
}
