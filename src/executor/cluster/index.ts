/** Works on many machines, by NATS. */
export * from "../index.ts";
export { ClusterError, type ClusterErrorCode } from "../cluster-error.ts";
export { cluster, clusterPool, openCluster } from "./cluster.ts";
export type { NatsOptions } from "./nats/options.ts";
export type { ClusterOptions } from "./options.ts";
