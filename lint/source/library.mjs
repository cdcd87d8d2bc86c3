/**
 * The library as the rules know it: what gives a promise, what opens a scope and hands it to a function, and which methods wait.
 */

/** What has a signal and stands for a part of the tree. */
export const scopeKinds = new Set(["Scope", "CancelScope", "TaskGroup", "OpenTaskGroup", "WorkScope", "Cancellable"]);
export const groupKinds = new Set(["TaskGroup", "OpenTaskGroup"]);

/** Calls that open a scope where there is none, and the place of their options. @type {ReadonlyMap<string, number>} */
export const roots = new Map([
  ["taskGroup", 1],
  ["openTaskGroup", 0],
  ["failAfter", 2],
  ["moveOnAfter", 2],
  ["all", 1],
  ["allSettled", 1],
  ["race", 1],
  ["any", 1],
  ["map", 2],
]);

/** Functions of the package that give a promise. */
export const promising = new Set(
  [...roots.keys()]
    .filter((name) => name !== "openTaskGroup")
    .concat("run", "sleep", "sleepUntil", "sleepForever", "select", "pipeFrom", "pipeTo", "retry", "hedge", "safeIterate", "catchErrors")
    .concat("threadPool", "processPool", "inlinePool", "parallelFor", "parallelMap", "parallelReduce", "park", "claim", "waitAllTasksBlocked")
    .concat("runEffect", "runOperation", "runObservable", "assertCheckpoints", "assertNoCheckpoints", "assertNoLeaks", "explore", "replay", "external")
    .concat("runProcess", "spawnProcess", "clusterPool", "serveWorks", "surveyCluster"),
);
/** Those of them that no scope interrupts. */
export const uninterrupted = new Set(["run", "catchErrors", "threadPool", "processPool", "inlinePool", "clusterPool"]);
/** Functions that open a scope for others, though what they give is no promise: work that is iterated. */
export const flowing = new Set(["mapStream", "asCompleted", "iterate"]);

const inScope = ["group", "failAfter", "moveOnAfter", "shield", "all", "allSettled", "race", "any", "map", "checkpoint", "wait"];
const inGroup = [...inScope, "start", "vacancy"];
const executor = ["run", "submit"];

/** The methods that give a promise, by what they belong to. @type {Readonly<Record<string, readonly string[]>>} */
export const methods = {
  Scope: inScope,
  CancelScope: inScope,
  WorkScope: inScope,
  TaskGroup: inGroup,
  OpenTaskGroup: [...inGroup, "join"],
  Task: ["join", "settled"],
  Event: ["wait"],
  Lock: ["acquire", "use"],
  Semaphore: ["acquire", "use"],
  CapacityLimiter: ["acquire", "acquireFor", "use"],
  Condition: ["acquire", "use"],
  ConditionGuard: ["wait", "waitFor"],
  Barrier: ["wait"],
  RateLimiter: ["acquire", "acquireMany"],
  ResourcePool: ["acquire", "use", "close"],
  Sender: ["send"],
  Receiver: ["receive"],
  WorkQueue: ["put", "take", "join"],
  CircuitBreaker: ["run"],
  HttpService: ["request", "serve"],
  ProcessInput: ["write"],
  Executor: executor,
  OpenExecutor: [...executor, "close"],
};

/** The waiting methods of a scope, which wait in that scope whoever calls them. */
export const waitsIn = new Set(inScope);

/** @typedef {{ argument: number, parameter: number, kind: string }} Body the place of a function in a call, of the scope in its parameters, and what that is */

const body = (/** @type {number} */ argument, /** @type {number} */ parameter = 0, kind = "Scope") => ({ argument, parameter, kind });
const lists = { all: [body(0)], allSettled: [body(0)], race: [body(0)], any: [body(0)] };
const opened = { failAfter: [body(1, 0, "CancelScope")], moveOnAfter: [body(1, 0, "CancelScope")], map: [body(1, 1)], ...lists };

/** The functions that are handed a scope, by the function of the package they are given to. @type {Readonly<Record<string, readonly Body[]>>} */
export const bodies = {
  ...opened,
  taskGroup: [body(0, 0, "TaskGroup")],
  run: [body(0)],
  retry: [body(0)],
  hedge: [body(0)],
  asCompleted: [body(0)],
  mapStream: [body(1, 1)],
  singleFlight: [body(0, 1)],
  safeIterate: [body(0), body(1, 1)],
  ambient: [body(0)],
  inScope: [body(0)],
  work: [body(2, 1, "WorkScope")],
  asEffect: [body(0, 0, "CancelScope")],
  asOperation: [body(0, 0, "CancelScope")],
  asObservable: [body(0)],
  itemsAsObservable: [body(0)],
  nodeHandler: [body(1, 2, "TaskGroup")],
  expressHandler: [body(1, 2, "TaskGroup")],
  fastifyHandler: [body(1, 2, "TaskGroup")],
  koaMiddleware: [body(1, 1, "TaskGroup")],
  honoHandler: [body(1, 1, "TaskGroup")],
  webHandler: [body(1, 1, "TaskGroup")],
};

const ofScope = { ...opened, group: [body(0, 0, "TaskGroup")], shield: [body(0, 0, "CancelScope")], defer: [body(0)] };
const ofGroup = { ...ofScope, spawn: [body(0)], trySpawn: [body(0)], start: [body(0)] };

/** The same, by the method they are given to. @type {Readonly<Record<string, Readonly<Record<string, readonly Body[]>>>>} */
export const methodBodies = {
  Scope: ofScope,
  CancelScope: ofScope,
  WorkScope: ofScope,
  TaskGroup: ofGroup,
  OpenTaskGroup: ofGroup,
  CircuitBreaker: { run: [body(0)] },
  ContextVariable: { run: [body(1)] },
  HttpService: { request: [body(0, 0, "TaskGroup")] },
};

/** What is at each place of the list that these give. @type {Readonly<Record<string, readonly string[]>>} */
export const pairs = { channel: ["Sender", "Receiver"], broadcast: ["Sender"] };
/** What these give. @type {Readonly<Record<string, string>>} */
export const makers = {
  openTaskGroup: "OpenTaskGroup",
  currentScope: "Scope",
  circuitBreaker: "CircuitBreaker",
  contextVariable: "ContextVariable",
  openThreadPool: "OpenExecutor",
  openProcessPool: "OpenExecutor",
  openInlinePool: "OpenExecutor",
  openCluster: "OpenExecutor",
};
/** Executors that are there without being opened. */
export const executors = new Set(["threads", "processes", "inline", "cluster"]);

/** The types that are known by their names. */
export const types = new Set([...scopeKinds, ...Object.keys(methods), "ContextVariable"]);
