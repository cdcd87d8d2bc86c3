/** The axis of the timeline: which moments are marked, and where. */

export interface Axis {
  readonly from: number;
  readonly to: number;
  readonly width: number;
}

export function xOf({ from, to, width }: Axis, moment: number): number {
  return ((moment - from) / (to - from)) * width;
}

export function momentAt({ from, to, width }: Axis, x: number): number {
  return from + (x / width) * (to - from);
}

const PIXELS = 90;

/** A round number of ms, so that marks are about so far apart. */
export function stepOf({ from, to, width }: Axis): number {
  const rough = ((to - from) / width) * PIXELS;
  if (rough >= 60_000) return [60_000, 120_000, 300_000, 600_000, 1_800_000, 3_600_000, 7_200_000].find((step) => step >= rough) ?? Math.ceil(rough / 3_600_000) * 3_600_000;
  if (rough >= 1_000) return [1_000, 2_000, 5_000, 10_000, 15_000, 30_000, 60_000].find((step) => step >= rough)!;
  const power = 10 ** Math.floor(Math.log10(Math.max(rough, 0.001)));
  return [1, 2, 5, 10].map((times) => times * power).find((step) => step >= rough)!;
}

export function marksOf(axis: Axis): number[] {
  const step = stepOf(axis);
  const marks: number[] = [];
  for (let mark = Math.max(0, Math.ceil(axis.from / step) * step); mark <= axis.to; mark += step) marks.push(mark);
  return marks;
}
