/** How tasks hand items to each other. */
export { type ClosedCode, ClosedError } from "../errors/closed.ts";
export { broadcast, type BroadcastOptions } from "./broadcast.ts";
export { channel, type ChannelOptions } from "./channel.ts";
export type { SlowPolicy } from "./hub.ts";
export { latest, type Latest, type LatestOptions } from "./latest.ts";
export { pipeFrom } from "./pipe-from.ts";
export { pipeTo } from "./pipe-to.ts";
export { Receiver } from "./receiver.ts";
export { select, type Selectable, type Selected, type Sending, sending, type Taken } from "./select.ts";
export { Sender } from "./sender.ts";
export type { ChannelStatistics } from "./statistics.ts";
export { type StreamSink, streamSink, type StreamSource, streamSource } from "./stream-ends.ts";
export type { NodeWritableLike, ReadableStreamLike, WritableStreamLike } from "./stream-shapes.ts";
export { type Job, WorkQueue, type WorkQueueStatistics } from "./work-queue.ts";
