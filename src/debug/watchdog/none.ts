/** Browsers: timers of a page in the background stand still, and nothing tells that from a loop that is blocked. */
export function startWatchdog(): void {}
