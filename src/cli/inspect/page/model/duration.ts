/** Times for readers. */

/** A time is not broken in two. */
const NB = "\u00a0";

/** `0.4 ms`, `12 ms`, `1.24 s`, `12.3 s`, `2 m 03 s`, `1 h 04 m`. */
export function durationText(ms: number, space: string = NB): string {
  if (ms < 1) return `${Math.max(0, ms).toFixed(1)}${space}ms`;
  if (ms < 1_000) return `${Math.round(ms)}${space}ms`;
  if (ms < 10_000) return `${(ms / 1_000).toFixed(2)}${space}s`;
  if (ms < 60_000) return `${(ms / 1_000).toFixed(1)}${space}s`;
  const seconds = Math.floor(ms / 1_000);
  if (seconds < 3_600) return `${Math.floor(seconds / 60)}${space}m${space}${two(seconds % 60)}${space}s`;
  return `${Math.floor(seconds / 3_600)}${space}h${space}${two(Math.floor(seconds / 60) % 60)}${space}m`;
}

/** A moment, in time since the beginning of the program, as fine as a step of the axis. */
export function momentText(ms: number, step: number): string {
  const digits = step >= 1_000 ? 0 : step >= 100 ? 1 : step >= 10 ? 2 : 3;
  const seconds = ms / 1_000;
  if (seconds < 60) return `${seconds.toFixed(digits)}${NB}s`;
  const rest = seconds % 60;
  const minutes = Math.floor(seconds / 60);
  const tail = `${rest < 10 ? "0" : ""}${rest.toFixed(digits)}`;
  return minutes < 60 ? `${minutes}:${tail}` : `${Math.floor(minutes / 60)}:${two(minutes % 60)}:${tail}`;
}

const two = (number: number): string => String(number).padStart(2, "0");
