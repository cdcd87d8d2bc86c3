/**
 * Whether a task costs the same among many: 1,000 to 1,000,000 tasks in one group.
 *
 * All alive at once, the collector has to move them all: `Promise.all` of the same functions says what the engine itself
 * needs for that. In waves of 1,000 only the group could make the last ones dearer than the first.
 */
import { taskGroup } from "../espalier.ts";
import { interleave, timed } from "../measure.ts";
import { median, pairedRatio } from "../ratio.ts";
import { atMost, type Figure, type Row } from "../row.ts";
import { awaiting } from "./workload.ts";

const few = 1_000;
const many = 1_000_000;
const work = awaiting(0);

const inGroup = (tasks: number): Promise<void> =>
  taskGroup((group) => {
    for (let i = 0; i < tasks; i++) group.spawn(work);
  });

const inWaves = (tasks: number): Promise<void> =>
  taskGroup(async (group) => {
    for (let done = 0; done < tasks; done += few) {
      for (let i = 1; i < few; i++) group.spawn(work);
      await group.spawn(work).join(group);
    }
  });

const withPromiseAll = (tasks: number): Promise<unknown> => Promise.all(Array.from({ length: tasks }, work));

export const row: Row = {
  async measure() {
    const both = <N extends string>(name: N, way: (tasks: number) => Promise<unknown>) =>
      ({ [`few ${name}`]: timed(few, () => way(few)), [`many ${name}`]: timed(many, () => way(many)) }) as Record<`few ${N}` | `many ${N}`, ReturnType<typeof timed>>;
    const took = await interleave(
      { ...both("group", inGroup), ...both("waves", inWaves), ...both("promises", withPromiseAll) },
      { old: true, warmUps: 1, rounds: 31, budget: 90_000 },
    );
    const figure = (title: string, name: "group" | "waves" | "promises"): Figure => ({
      what: "time per task among 1,000,000 ÷ among 1,000",
      items: many,
      unit: "µs",
      ours: { name: title, value: median(took[`many ${name}`]) },
      beside: { name: "among 1,000", value: median(took[`few ${name}`]) },
      ratio: pairedRatio(took[`many ${name}`], took[`few ${name}`]),
    });
    return [
      { ...figure("taskGroup, in waves of 1,000", "waves"), reach: atMost(1.5) },
      { ...figure("taskGroup, all alive at once", "group"), reach: atMost(1.5) },
      figure("Promise.all, all alive at once", "promises"),
    ];
  },
};
