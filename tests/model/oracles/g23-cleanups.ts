import type { Oracle } from "./oracle.ts";

export const g23: Oracle = {
  guarantee: "G23",
  demands: "deferred cleanups run once, last first, one after the other, after the function and the tasks have finished, shielded",
  *check({ lived, entries }) {
    for (const life of lived) {
      if (life.goneAt === Infinity) continue;
      let previous = life.busyUntil;
      for (const cleanup of life.cleanups.toReversed()) {
        if (cleanup.entered === undefined || cleanup.left === undefined) {
          yield `${cleanup.name} did not run when ${life.name} ended`;
          continue;
        }
        if (cleanup.entered.seq < previous) yield `${cleanup.name} began (#${cleanup.entered.seq}) before what it comes after had ended (#${previous})`;
        previous = cleanup.runsUntil;
        const calls = entries.filter((entry) => entry.is === "entered" && entry.scope === cleanup.name).length;
        if (calls > 1) yield `${cleanup.name} ran ${calls} times`;
      }
    }
  },
};
