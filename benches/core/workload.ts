/**
 * The functions that all ways run, and the two ways that nearly every row has: the same functions in a task group and
 * under `Promise.all`. They get no argument that they do not take, and what they return is not looked at.
 */
import { taskGroup } from "../espalier.ts";

export type Work = () => Promise<unknown>;

/** `count` functions, each a closure of its own, as in a program. */
export const functions = (count: number, make: (index: number) => Work): Work[] => Array.from({ length: count }, (_, index) => make(index));

/** One suspension each. */
export const awaiting = (index: number): Work => async () => {
  await null;
  return index;
};

/** An async function that never waits. */
export const trivial = (index: number): Work => async () => index;

export const inGroup = (work: readonly Work[]): Promise<void> =>
  taskGroup((group) => {
    for (const fn of work) group.spawn(fn);
  });

export const withPromiseAll = (work: readonly Work[]): Promise<unknown> => Promise.all(work.map((fn) => fn()));
