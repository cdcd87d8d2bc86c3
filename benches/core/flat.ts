/**
 * Whether a task costs the same among many: 1,000 to 1,000,000 tasks in one group.
 *
 * All alive at once, the collector has to move them all: `Promise.all` of the same functions says what the engine itself
 * needs for that. In waves of 1,000 only the group could make the last ones dearer than the first.
 */
import { taskGroup } from "../espalier.ts";
import { interleave } from "../measure.ts";
import { atMost, compare, type Row } from "../row.ts";
import { timed, type Ways } from "../sample.ts";
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

export const ways = {
  "group, few": () => timed(few, () => inGroup(few)),
  "group, many": () => timed(many, () => inGroup(many)),
  "waves, few": () => timed(few, () => inWaves(few)),
  "waves, many": () => timed(many, () => inWaves(many)),
  "promises, few": () => timed(few, () => withPromiseAll(few)),
  "promises, many": () => timed(many, () => withPromiseAll(many)),
} satisfies Ways;

export const row: Row = {
  async measure() {
    const took = await interleave(import.meta.url, Object.keys(ways) as (keyof typeof ways)[], { warmUps: 4, rounds: 31, budget: 60_000 });
    const about = { what: "time per task among 1,000,000 ÷ among 1,000", items: many, unit: "µs" };
    return [
      compare({ ...about, reach: atMost(1.5) }, ["taskGroup, in waves of 1,000", took["waves, many"]], ["among 1,000", took["waves, few"]]),
      compare({ ...about, reach: atMost(1.5) }, ["taskGroup, all alive at once", took["group, many"]], ["among 1,000", took["group, few"]]),
      compare(about, ["Promise.all, all alive at once", took["promises, many"]], ["among 1,000", took["promises, few"]]),
    ];
  },
};
