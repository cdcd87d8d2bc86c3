/** How figures are written: three digits that count, and no more than were measured. */
import type { Quantity } from "../board.ts";

export function amount(value: number): string {
  if (value === 0 || value >= 1000) return Math.round(value).toLocaleString("en");
  return `${Number(value.toPrecision(value < 0.1 ? 2 : 3))}`;
}

/** With its spread, where it has one that can be seen. */
export function withSpread({ value, low, high }: Quantity): string {
  if (low === undefined || high === undefined || amount(low) === amount(high)) return amount(value);
  return `${amount(value)} (${amount(low)}–${amount(high)})`;
}
