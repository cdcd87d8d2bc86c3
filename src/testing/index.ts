/** For tests of programs that use espalier. */
export { waitAllTasksBlocked } from "./blocked.ts";
export { testClock, type TestClock, type TestClockOptions } from "./clock.ts";
export { DeadlockError } from "./deadlock.ts";
export { external } from "./external.ts";
export { treeText } from "./tree-text.ts";
export { type Exploration, explore, type ExploreOptions, replay } from "./explore/explore.ts";
export { ExplorationError, NotDeterministicError } from "./explore/exploration-error.ts";
export { type FaultKind, InjectedFault } from "./explore/fault.ts";
export { EndlessRun } from "./explore/endless-run.ts";
export type { Program, Trial } from "./explore/trial.ts";
