/** Ways of work: results as they come, again and again, at most once, in time. */
export { asCompleted } from "./as-completed.ts";
export { CircuitBreaker, circuitBreaker, type CircuitBreakerOptions, type CircuitBreakerStatistics } from "./circuit-breaker.ts";
export { CircuitOpenError } from "./circuit-open-error.ts";
export { type Closable, closing } from "./closing.ts";
export { type ClosedCode, ClosedError } from "../errors/closed.ts";
export type { Flow, FlowStatistics } from "./flow.ts";
export { hedge, type HedgeOptions } from "./hedge.ts";
export { iterate } from "./iterate.ts";
export { mapStream, type MapStreamOptions } from "./map-stream.ts";
export { retry } from "./retry.ts";
export { retryAfter } from "./retry-after.ts";
export { safeIterate, type SafeItems } from "./safe-iterate.ts";
export { type Attempt, type Decide, delays, exponential, fixed, Schedule } from "./schedule.ts";
export { singleFlight, type SingleFlight } from "./single-flight.ts";
