/** For tests of programs that use espalier. */
export { testClock, type TestClock } from "./clock.ts";
export { type Exploration, explore, type ExploreOptions, replay } from "./explore/explore.ts";
export { ExplorationError, NotDeterministicError } from "./explore/exploration-error.ts";
export { type FaultKind, InjectedFault } from "./explore/fault.ts";
export { DeadlockFound, EndlessRun } from "./explore/finding.ts";
export type { Program, Trial } from "./explore/trial.ts";
