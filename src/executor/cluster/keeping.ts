import type { DurableSettings } from "./options.ts";
import type { Keeping } from "./transport.ts";

const REMEMBER_MS = 7 * 24 * 3_600_000;
const MOST_REPLICAS = 5;

/** What the option says, checked; `undefined` where nothing is kept. Throws RangeError. */
export function keepingOf(durable: boolean | DurableSettings | undefined): Keeping | undefined {
  if (durable === undefined || durable === false) return undefined;
  const { replicas = 1, remember = REMEMBER_MS } = durable === true ? {} : durable;
  if (!Number.isInteger(replicas) || replicas < 1 || replicas > MOST_REPLICAS) throw new RangeError(`A durable cluster needs a whole number from 1 to ${MOST_REPLICAS} as its replicas, and got ${String(replicas)}.`);
  if (typeof remember !== "number" || !(remember >= 0)) throw new RangeError(`A durable cluster needs a number from 0 up as how long it is to remember, in ms, and got ${String(remember)}.`);
  return { replicas, remember };
}
