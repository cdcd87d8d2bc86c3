/**
 * The executors that the suite runs on: to be one, and to be held to all of it, is a line in the table.
 *
 * What one of them cannot do by its nature its row says, and the tests that need it are not defined there.
 */
import { existsSync } from "node:fs";
import { delimiter, join } from "node:path";
import { after, before, describe } from "node:test";
import { type ExecutorOptions, type OpenExecutor, openInlinePool } from "espalier/executor";
import { openCluster } from "espalier/cluster";
import { openProcessPool } from "espalier/processes";
import { openThreadPool } from "espalier/threads";
import { awaitAnswers } from "../conformance/case.ts";
import { variable } from "../runtimes/runtime.ts";

export interface Kind {
  readonly name: string;
  /** `memory` is what a worker may use, in MB. */
  open(options?: ExecutorOptions & { memory?: number }): OpenExecutor;
  /** Works run in the thread of the tests. */
  readonly isHere: boolean;
  /** What goes there and comes back is a copy. */
  readonly copies: boolean;
  /** The modules of works are imported for them. */
  readonly imports: boolean;
  /** A SharedArrayBuffer is one on both sides. */
  readonly sharesMemory: boolean;
  /** What is handed over is gone for who had it. */
  readonly transfers: boolean;
  /** A synchronous work can be answered. */
  readonly blocks: boolean;
  /** It starts, counts and ends its workers itself, one by one; those of a cluster are their worker process's. */
  readonly ownsWorkers: boolean;
  /** A call whose worker dies of it is run again by another one, some times. */
  readonly repeats: boolean;
}

/** Debian's, or another one in the PATH: see .ci/debian-packages. */
const hasServer: boolean = process.env["ESPALIER_NATS_SERVER"] !== undefined || (process.env["PATH"] ?? "").split(delimiter).some((folder) => existsSync(join(folder, "nats-server")));

const kinds: readonly Kind[] = [
  { name: "inline", open: openInlinePool, isHere: true, copies: false, imports: false, sharesMemory: true, transfers: false, blocks: false, ownsWorkers: true, repeats: false },
  { name: "inline, cloned", open: (options) => openInlinePool({ ...options, clone: true }), isHere: true, copies: true, imports: true, sharesMemory: true, transfers: true, blocks: false, ownsWorkers: true, repeats: false },
  { name: "threads", open: inThreads, isHere: false, copies: true, imports: true, sharesMemory: true, transfers: true, blocks: true, ownsWorkers: true, repeats: false },
  { name: "processes", open: inProcesses, isHere: false, copies: true, imports: true, sharesMemory: false, transfers: true, blocks: true, ownsWorkers: true, repeats: false },
  { name: "cluster", open: (options) => onCluster(options), isHere: false, copies: true, imports: true, sharesMemory: false, transfers: true, blocks: true, ownsWorkers: false, repeats: false },
  { name: "cluster, durable", open: (options) => onCluster(options, true), isHere: false, copies: true, imports: true, sharesMemory: false, transfers: true, blocks: true, ownsWorkers: false, repeats: true },
];

function inThreads({ memory, ...options }: Parameters<Kind["open"]>[0] = {}): OpenExecutor {
  return openThreadPool({ ...options, ...(memory === undefined ? {} : { resourceLimits: { maxOldGenerationSizeMb: memory } }) });
}

function inProcesses({ memory, ...options }: Parameters<Kind["open"]>[0] = {}): OpenExecutor {
  return openProcessPool({ ...options, maxMemory: memory });
}

/** A server and a worker process of its own; so many threads there as the others have workers. */
function onCluster({ memory, size = 1, perWorker, maxQueued, name, onError, ...local }: Parameters<Kind["open"]>[0] = {}, durable = false): OpenExecutor {
  const limits = memory === undefined ? {} : { resourceLimits: { maxOldGenerationSizeMb: memory } };
  return openCluster({ durable, size: size * (perWorker ?? 1), maxQueued, name, onError, local: { size, perWorker, ...limits, ...local } });
}

const ANSWER_MS = 2_000;

/** What a suite is given for one kind. */
export interface On extends Kind {
  /** One executor for all tests that need none of their own: two calls at a time. */
  readonly shared: OpenExecutor;
}

const isCluster = ({ name }: Kind): boolean => name.startsWith("cluster");
/** Those that a quick run holds to it, `none` or `direct`: see tools/pipeline/executors.mjs and tools/runtimes/run.mjs. */
const clusters = variable("ESPALIER_CLUSTERS") ?? "all";
const leavesClustersOut = clusters === "none";
const held: readonly Kind[] = kinds.filter((kind) => !isCluster(kind) || clusters === "all" || (clusters === "direct" && !kind.repeats));
/** Whether clusters are held to what stands outside of \`onEach\`. */
export const hasClusters: boolean = hasServer && !leavesClustersOut;

/** Defines tests for each kind of executor. */
export function onEach(define: (on: On) => void): void {
  for (const kind of held) {
    describe(`on ${kind.name}`, { skip: isCluster(kind) && !hasServer ? "nats-server is not installed" : false }, () => {
      let shared: OpenExecutor | undefined;
      // What is taken back is deleted at the server after its call has ended: a round trip, or several beside other tests.
      if (isCluster(kind)) before(() => awaitAnswers(ANSWER_MS));
      after(() => awaitAnswers(0));
      after(() => shared?.[Symbol.asyncDispose]());
      define({
        ...kind,
        get shared() {
          return (shared ??= kind.open({ size: 2 }));
        },
      });
    });
  }
}

/** For those that run works somewhere else. */
export function elsewhere(define: (on: On) => void): void {
  onEach((on) => {
    if (!on.isHere) define(on);
  });
}
