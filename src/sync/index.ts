/** What coordinates tasks: events, locks, limits, pools. */
export { type ClosedCode, ClosedError } from "../errors/closed.ts";
export { Barrier } from "./barrier.ts";
export { CapacityLimiter } from "./capacity-limiter.ts";
export { Condition, ConditionGuard } from "./condition.ts";
export { Event } from "./event.ts";
export { Guard } from "./guard.ts";
export { Lock } from "./lock.ts";
export { PoolExhaustedError } from "./pool/exhausted.ts";
export type { ResourceHolder } from "./pool/holder.ts";
export { Lease } from "./pool/lease.ts";
export { ResourcePool, type ResourcePoolOptions, type ResourcePoolStatistics } from "./pool/resource-pool.ts";
export { type Rate, RateLimiter } from "./rate-limiter.ts";
export { Semaphore } from "./semaphore.ts";
