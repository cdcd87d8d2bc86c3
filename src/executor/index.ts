/** Works, and what runs them: names only. */
export type {
  Caller,
  Declaration,
  Executor,
  ExecutorOptions,
  ExecutorStatistics,
  Offer,
  OpenExecutor,
  Recycling,
  RunOptions,
  Transferable,
  Work,
  WorkScope,
} from "./contract.ts";
export { inline, inlinePool, type InlineOptions, openInlinePool } from "./inline/inline.ts";
export type { HistogramFigures } from "./histogram.ts";
export { NotCloneableError } from "./not-cloneable-error.ts";
export { type Callback, callback } from "./offer.ts";
export type { Chunk, ParallelOptions, Range } from "./parallel/chunk.ts";
export { parallelFor } from "./parallel/parallel-for.ts";
export { parallelMap } from "./parallel/parallel-map.ts";
export { parallelReduce } from "./parallel/parallel-reduce.ts";
export { sharedArray, type SharedArray, type TypedArrayClass } from "./parallel/shared-array.ts";
export { perWorker, type PerWorker } from "./worker/per-worker.ts";
export { WorkerDiedError, type WorkerDiedCode } from "./worker-died-error.ts";
export { type DeclaredWork, work, type WorkOptions } from "./work.ts";
