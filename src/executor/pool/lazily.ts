import type { Executor, ExecutorStatistics, MayShareMemory } from "../contract.ts";
import { Histogram } from "../histogram.ts";

/** An executor that is opened at the first call, and never closed: its workers end when they are idle. */
export function lazily(open: () => Executor, name: string): Executor {
  let opened: Executor | undefined;
  const executor = (): Executor => (opened ??= open());
  const lazy: Executor & MayShareMemory = {
    name,
    get sharesMemory() {
      return (executor() as MayShareMemory).sharesMemory === true;
    },
    get size() {
      return executor().size;
    },
    run: (...args) => executor().run(...args),
    submit: (...args) => executor().submit(...args),
    trySubmit: (...args) => executor().trySubmit(...args),
    statistics: () => opened?.statistics() ?? NOTHING_YET,
  };
  return lazy;
}

const none = new Histogram().figures();
const NOTHING_YET: ExecutorStatistics = {
  workers: 0,
  waiting: 0,
  queued: 0,
  running: 0,
  abandoned: 0,
  succeeded: 0,
  failed: 0,
  cancelled: 0,
  died: 0,
  waitTime: none,
  runTime: none,
};
