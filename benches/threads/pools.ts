/**
 * The pools that are compared, behind one face. Each is called as its own documentation says, as it is by itself and in settings that it
 * offers and that were better in some row: a row shows the best of them.
 */
import { fileOf } from "../child.ts";
import { versioned } from "../rival.ts";
import type * as functions from "./functions.mjs";

export type FunctionName = keyof typeof functions;

/** Has a function run in a worker. */
export type Run = (name: FunctionName, input: unknown, transfer?: readonly ArrayBuffer[]) => PromiseLike<unknown>;

export interface Contestant {
  /** The package. */
  readonly maker: string;
  /** What is shown: the package and its version with the settings, where they are not what it begins with. */
  readonly label: string;
  open(size: number): Promise<Run>;
}

const functionsFile = fileOf("functions.mjs", import.meta.url);

interface NamedCall {
  readonly name: FunctionName;
  /** Both packages look this type up in Node's in a way that no longer finds it. */
  readonly transferList?: never;
}

/** Options of a call, made once for each function: what a program that calls one function would write. */
function optionsOfCalls(): (name: FunctionName, transfer: readonly ArrayBuffer[] | undefined) => NamedCall {
  const made = new Map<FunctionName, NamedCall>();
  return (name, transfer) => {
    if (transfer !== undefined) return { name, transferList: [...transfer] as never };
    const known = made.get(name) ?? { name };
    made.set(name, known);
    return known;
  };
}

type PiscinaOptions = NonNullable<ConstructorParameters<(typeof import("piscina"))["Piscina"]>[0]>;

function piscina(settings: string, options: PiscinaOptions = {}): Contestant {
  return {
    maker: "piscina",
    label: `${versioned("piscina")}${settings}`,
    async open(size) {
      const { Piscina, FixedQueue } = await import("piscina");
      const pool = new Piscina({ filename: functionsFile, minThreads: size, maxThreads: size, ...options, ...(settings === "" ? {} : { recordTiming: false, taskQueue: new FixedQueue() }) });
      const optionsOf = optionsOfCalls();
      return (name, input, transfer) => pool.run(input, optionsOf(name, transfer));
    },
  };
}

type TinypoolOptions = NonNullable<ConstructorParameters<(typeof import("tinypool"))["Tinypool"]>[0]>;

function tinypool(settings: string, options: TinypoolOptions = {}): Contestant {
  return {
    maker: "tinypool",
    label: `${versioned("tinypool")}${settings}`,
    async open(size) {
      const { Tinypool } = await import("tinypool");
      const pool = new Tinypool({ filename: functionsFile, minThreads: size, maxThreads: size, ...options });
      const optionsOf = optionsOfCalls();
      return (name, input, transfer) => pool.run(input, optionsOf(name, transfer));
    },
  };
}

function workerpool(workerType: "thread" | "process"): Contestant {
  return {
    maker: "workerpool",
    label: `${versioned("workerpool")}${workerType === "thread" ? "" : ", process"}`,
    async open(size) {
      const { pool: open } = (await import("workerpool")).default;
      const pool = open(fileOf("workers/workerpool.mjs", import.meta.url), { minWorkers: size, maxWorkers: size, workerType });
      return (name, input, transfer) => pool.exec(name, [input], transfer === undefined ? undefined : { transfer: [...transfer] });
    },
  };
}

function poolifier(settings: string, options: import("poolifier").ThreadPoolOptions = {}): Contestant {
  return {
    maker: "poolifier",
    label: `${versioned("poolifier")}${settings}`,
    async open(size) {
      const { FixedThreadPool } = await import("poolifier");
      const pool = new FixedThreadPool(size, fileOf("workers/poolifier-thread.mjs", import.meta.url), { enableEvents: false, ...options });
      return (name, input, transfer) => pool.execute(input, name, undefined, transfer);
    },
  };
}

function poolifierCluster(): Contestant {
  return {
    maker: "poolifier",
    label: `${versioned("poolifier")}, cluster`,
    async open(size) {
      const { FixedClusterPool } = await import("poolifier");
      const pool = new FixedClusterPool(size, fileOf("workers/poolifier-cluster.mjs", import.meta.url), { enableEvents: false });
      return (name, input) => pool.execute(input, name);
    },
  };
}

/** Settings of piscina's own: no histogram of times, and the queue that its documentation advises. */
const tuned = ", FixedQueue, no timing";

export const threads: Readonly<Record<string, Contestant>> = {
  "piscina": piscina(""),
  "piscina, 64": piscina(`${tuned}, 64 calls a worker`, { concurrentTasksPerWorker: 64 }),
  "piscina, 1024": piscina(`${tuned}, 1,024 calls a worker`, { concurrentTasksPerWorker: 1024 }),
  "tinypool": tinypool(""),
  "tinypool, 64": tinypool(", 64 calls a worker", { concurrentTasksPerWorker: 64 }),
  "tinypool, 1024": tinypool(", 1,024 calls a worker", { concurrentTasksPerWorker: 1024 }),
  "workerpool": workerpool("thread"),
  "poolifier": poolifier(""),
  "poolifier, queued": poolifier(", tasks queue, 64 calls a worker", { enableTasksQueue: true, tasksQueueOptions: { concurrency: 64 } }),
};

export const processes: Readonly<Record<string, Contestant>> = {
  "tinypool": tinypool(", child_process", { runtime: "child_process" }),
  "tinypool, 64": tinypool(", child_process, 64 calls a worker", { runtime: "child_process", concurrentTasksPerWorker: 64 }),
  "workerpool": workerpool("process"),
  "poolifier": poolifierCluster(),
};

/** Pools that take what JSON has no word for. */
export const structured: Readonly<Record<string, Contestant>> = {
  "tinypool": tinypool(", child_process, advanced", { runtime: "child_process", serialization: "advanced" }),
};
