/**
 * What it takes to build something that waits, or something that watches, on the public face of the core.
 */
export type { Clock, Timer } from "./ports/clock.ts";
export type { Ending, Observed, ObservedWait, Probe } from "./ports/probe.ts";
export { attachProbe } from "./scope/watch.ts";
export { clockOf, observed } from "./task/behind.ts";
export { type Claim, claim, NOTHING } from "./task/claim.ts";
export { park, type Waiter } from "./task/park.ts";
export { realClock } from "./task/clock.ts";
export { tree, type TreeEntry } from "./task/tree.ts";
