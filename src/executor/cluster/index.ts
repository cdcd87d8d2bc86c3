/** Works on many machines, by NATS. */
export * from "../index.ts";
export { ClusterError, type ClusterErrorCode } from "../cluster-error.ts";
export { cluster, clusterPool, openCluster } from "./cluster.ts";
export type { NatsOptions } from "./nats/options.ts";
export type { ClusterOptions, DurableSettings } from "./options.ts";
export { type ServeOptions, serveWorks, type ServingWorker } from "./serve-works.ts";
export type { About, RunningCall } from "./survey.ts";
export { surveyCluster, type SurveyOptions } from "./survey-cluster.ts";
export type { Fault } from "./wire/frame.ts";
export type { WorkerStatistics } from "./worker/cluster-worker.ts";
