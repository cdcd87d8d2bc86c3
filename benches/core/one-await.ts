/** What a task costs beside a bare promise: 10,000 functions that suspend once, started together and waited for. */
import { all, taskGroup } from "../espalier.ts";
import { interleave, timed } from "../measure.ts";
import { median, pairedRatio } from "../ratio.ts";
import { atMost, type Figure, type Row } from "../row.ts";
import { awaiting, functions, inGroup, withPromiseAll } from "./workload.ts";

const items = 10_000;

export const row: Row = {
  async measure() {
    const work = functions(items, awaiting);
    const took = await interleave({
      group: timed(items, () => inGroup(work)),
      joined: timed(items, () => joinEach(work)),
      all: timed(items, () => all(work)),
      promises: timed(items, () => withPromiseAll(work)),
    });
    const beside = { name: "Promise.all", value: median(took.promises) };
    const figure = (name: string, values: readonly number[]): Figure => ({
      what: "spawn and join, one await each",
      items,
      unit: "µs",
      ours: { name, value: median(values) },
      beside,
      ratio: pairedRatio(values, took.promises),
    });
    return [{ ...figure("taskGroup", took.group), reach: atMost(2, 2.5) }, figure("taskGroup, every task.join()", took.joined), figure("all", took.all)];
  },
};

/** The results one by one, as a program takes them that keeps its handles. */
const joinEach = (work: readonly (() => unknown)[]): Promise<unknown> =>
  taskGroup((group) => {
    const tasks = work.map((fn) => group.spawn(fn));
    return Promise.all(tasks.map((task) => task.join(group)));
  });
