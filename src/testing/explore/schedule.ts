/**
 * A schedule: where a run leaves the plain order, and how. Written `7:2,9:1`: at decision 7 the third way instead of
 * the first, at decision 9 the second. In the plain order, the empty schedule, a task goes on as long as it can, and
 * then the one that has been ready for longest.
 */
export interface Deviation {
  /** Which decision of the run, from 0. */
  readonly at: number;
  /** Which way is taken instead of way 0. */
  readonly way: number;
}

export type Schedule = readonly Deviation[];

export const plainOrder: Schedule = [];

/** The deviations in what was decided, in a run. */
export function scheduleOf(ways: readonly number[]): Schedule {
  return ways.flatMap((way, at) => (way === 0 ? [] : [{ at, way }]));
}

export function formatSchedule(schedule: Schedule): string {
  return schedule.map(({ at, way }) => `${at}:${way}`).join(",");
}

export function parseSchedule(text: string): Schedule {
  if (text === "") return plainOrder;
  const schedule = text.split(",").map((part) => {
    const [, at, way] = /^(\d+):(\d+)$/.exec(part) ?? [];
    return { at: Number(at), way: Number(way) };
  });
  const isValid = schedule.every(({ at, way }, index) => at > (schedule[index - 1]?.at ?? -1) && way > 0);
  if (!isValid) throw new TypeError(`A schedule is written like "7:2,9:1", as explore() prints it, and this is "${text}".`);
  return schedule;
}
