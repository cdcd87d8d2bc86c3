/** Figures as people read them: a unit, thousands apart, no more digits than mean anything. */

const whole = new Intl.NumberFormat("en-US", { maximumFractionDigits: 0 });

export function count(value: number): string {
  return whole.format(value);
}

export function milliseconds(value: number): string {
  if (value >= 100) return `${whole.format(value)} ms`;
  return `${value.toFixed(value >= 10 ? 0 : value >= 1 ? 1 : 2)} ms`;
}

export function times(value: number): string {
  return value.toFixed(2);
}

/** One number when all are equal, else the range. */
export function range({ min, max }: { readonly min: number; readonly max: number }): string {
  return min === max ? count(min) : `${count(min)}–${count(max)}`;
}

/** The smallest and largest time, with the unit once. */
export function timeRange({ min, max }: { readonly min: number; readonly max: number }): string {
  const digits = max >= 100 ? 0 : max >= 10 ? 1 : 2;
  return `${min.toFixed(digits)}–${max.toFixed(digits)}`;
}

/** Shortened to fit the place. */
export function clipped(text: string, length: number): string {
  return text.length <= length ? text : `${text.slice(0, length - 1)}…`;
}
