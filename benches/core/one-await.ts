/** What a task costs beside a bare promise: 10,000 functions that suspend once, started together and waited for. */
import { all, taskGroup } from "../espalier.ts";
import { interleave } from "../measure.ts";
import { atMost, compare, type Row, type Side } from "../row.ts";
import { timed, type Ways } from "../sample.ts";
import { awaiting, functions, inGroup, withPromiseAll, type Work } from "./workload.ts";

const items = 10_000;
const work = functions(items, awaiting);

/** The results one by one, as a program takes them that keeps its handles. */
const joinEach = (all: readonly Work[]): Promise<unknown> =>
  taskGroup((group) => {
    const tasks = all.map((fn) => group.spawn(fn));
    return Promise.all(tasks.map((task) => task.join(group)));
  });

export const ways: Ways = {
  group: () => timed(items, () => inGroup(work)),
  joined: () => timed(items, () => joinEach(work)),
  all: () => timed(items, () => all(work)),
  promises: () => timed(items, () => withPromiseAll(work)),
};

export const row: Row = {
  async measure() {
    const took = await interleave(import.meta.url, ["group", "joined", "all", "promises"]);
    const about = { what: "spawn and join, one await each", items, unit: "µs" };
    const beside: Side = ["Promise.all", took.promises];
    return [
      compare({ ...about, reach: atMost(2, 2.5) }, ["taskGroup", took.group], beside),
      compare(about, ["taskGroup, every task.join()", took.joined], beside),
      compare(about, ["all", took.all], beside),
    ];
  },
};
