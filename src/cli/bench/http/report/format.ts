/** Figures as people read them: a unit, thousands apart, no more digits than mean anything. */

const whole = new Intl.NumberFormat("en-US", { maximumFractionDigits: 0 });

export function count(value: number): string {
  return whole.format(value);
}

/** A time given in ms, in seconds from ten of them on. */
export function duration(ms: number): string {
  if (ms >= 10_000) return `${(ms / 1000).toFixed(ms >= 100_000 ? 0 : 1)} s`;
  if (ms >= 100) return `${whole.format(ms)} ms`;
  return `${ms.toFixed(ms >= 10 ? 0 : ms >= 1 ? 1 : 2)} ms`;
}

export function times(value: number): string {
  return value.toFixed(2);
}

/** One number when all are equal, else the range. */
export function range({ min, max }: { readonly min: number; readonly max: number }): string {
  return min === max ? count(min) : `${count(min)}–${count(max)}`;
}

/** Two times with the digits of the larger one; in ms, unless they are so long that the unit must be told. */
export function timeRange({ min, max }: { readonly min: number; readonly max: number }): string {
  if (max >= 10_000) return `${(min / 1000).toFixed(1)}–${(max / 1000).toFixed(1)} s`;
  const digits = max >= 100 ? 0 : max >= 10 ? 1 : 2;
  return `${min.toFixed(digits)}–${max.toFixed(digits)}`;
}

/** Shortened to fit the place. */
export function clipped(text: string, length: number): string {
  return text.length <= length ? text : `${text.slice(0, length - 1)}…`;
}
