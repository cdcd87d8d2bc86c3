/** Beside effection: the same functions that suspend once, by `all`, each called by the operation that waits for it. */
import { interleave } from "../measure.ts";
import { missing, versioned } from "../rival.ts";
import { atMost, compare, type Row } from "../row.ts";
import { timed, type Ways } from "../sample.ts";
import { awaiting, functions, inGroup } from "./workload.ts";

const items = 10_000;
const work = functions(items, awaiting);

export const ways: Ways = {
  group: () => timed(items, () => inGroup(work)),
  async effection() {
    const { all, call, run } = await import("effection");
    return timed(items, () => run(() => all(work.map((fn) => call(fn)))));
  },
};

export const row: Row = {
  async measure() {
    const about = { what: "spawn and join, one await each, beside effection", items, unit: "µs", reach: atMost(0.005) };
    const lack = missing("effection");
    if (lack !== undefined) return [{ ...about, missing: lack }];
    const { group, effection } = await interleave(import.meta.url, ["group", "effection"], { warmUps: 3, rounds: 31 });
    return [compare(about, ["taskGroup", group], [`${versioned("effection")} all`, effection])];
  },
};
