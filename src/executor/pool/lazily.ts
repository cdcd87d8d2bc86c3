import type { Executor, ExecutorStatistics } from "../contract.ts";
import { Histogram } from "../histogram.ts";

/** An executor that is opened at the first call, and never closed: its workers end when they are idle. */
export function lazily(open: () => Executor, name: string): Executor {
  let opened: Executor | undefined;
  const executor = (): Executor => (opened ??= open());
  return {
    name,
    get size() {
      return executor().size;
    },
    run: (...args) => executor().run(...args),
    submit: (...args) => executor().submit(...args),
    trySubmit: (...args) => executor().trySubmit(...args),
    statistics: () => opened?.statistics() ?? NOTHING_YET,
  };
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
