/** How many items may wait in a buffer. */

/** A whole number from `least` on, or Infinity; else a RangeError. */
export function requireCapacity(capacity: number, call: string, least = 0): void {
  if (capacity === Infinity || (Number.isInteger(capacity) && capacity >= least)) return;
  const shown = typeof capacity === "number" ? String(capacity) : `a ${typeof capacity}`;
  throw new RangeError(`${call} takes a whole number from ${least} on, or Infinity, as the capacity of the buffer, and got ${shown}.`);
}
