/** For tests of programs that use espalier. */
export { AssertionError } from "./assertion-error.ts";
export { waitAllTasksBlocked } from "./blocked.ts";
export { assertCheckpoints, assertNoCheckpoints } from "./checkpoints.ts";
export { testClock, type TestClock, type TestClockOptions } from "./clock.ts";
export { DeadlockError } from "./deadlock.ts";
export { dumpOnTimeout } from "./dump-on-timeout.ts";
export { expectGroup, type FailureShape, type GroupShape } from "./expect-group.ts";
export { external } from "./external.ts";
export { inScope, type InScopeOptions } from "./in-scope.ts";
export { assertNoLeaks } from "./leaks.ts";
export { type Fact, record, type Recording } from "./record.ts";
export { Sequencer } from "./sequencer.ts";
export { treeText } from "./tree-text.ts";
export { type Exploration, explore, type ExploreOptions, replay } from "./explore/explore.ts";
export { ExplorationError, NotDeterministicError } from "./explore/exploration-error.ts";
export { type FaultKind, InjectedFault } from "./explore/fault.ts";
export { EndlessRun } from "./explore/endless-run.ts";
export type { Program, Trial } from "./explore/trial.ts";
