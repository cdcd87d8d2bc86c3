/** The ways to ask for everything at once and to wait for it, each in the words of one library. */
import { map, taskGroup } from "../espalier.ts";
import type { Family } from "../board.ts";
import type { Get } from "./pool.ts";

export interface FanOut {
  readonly addresses: readonly string[];
  readonly get: Get;
  /** At most so many at once, for the ways that have a limit. */
  readonly limit: number;
}

export interface Begun {
  /** What the caller awaits. */
  readonly result: Promise<unknown>;
  /** Settles when all has ended that it began. */
  readonly all: Promise<unknown>;
}

export interface Join {
  readonly family: Family;
  /** The package that it is of. */
  readonly maker?: string;
  /** How it is called; its package is named there. */
  readonly system: string;
  /** One that never tells its caller of a failure has no place among those that fail. */
  readonly fails: boolean;
  begin(fanOut: FanOut): Begun | Promise<Begun>;
}

/** Of calls that nobody owns: they go on after the result is there. */
const loose = (requests: readonly Promise<unknown>[], result: Promise<unknown>): Begun => ({ result, all: Promise.allSettled(requests) });
/** Of calls that are over when the result is there. */
const owned = (result: Promise<unknown>): Begun => ({ result, all: result.catch(() => {}) });

const group = ({ addresses, get }: FanOut, concurrency?: number): Begun =>
  owned(
    taskGroup(
      (tasks) => {
        for (const address of addresses) tasks.spawn((scope) => get(address, scope.signal));
      },
      { concurrency },
    ),
  );

async function aborting(result: Promise<unknown>, controller: AbortController): Promise<unknown> {
  try {
    return await result;
  } catch (error) {
    controller.abort();
    throw error;
  }
}

export const joins = {
  "Promise.all": {
    system: "Promise.all",
    family: "platform",
    fails: true,
    begin({ addresses, get }) {
      const requests = addresses.map((address) => get(address));
      return loose(requests, Promise.all(requests));
    },
  },
  "Promise.all + abort()": {
    system: "Promise.all + abort()",
    family: "platform",
    fails: true,
    begin({ addresses, get }) {
      const controller = new AbortController();
      const requests = addresses.map((address) => get(address, controller.signal));
      return loose(requests, aborting(Promise.all(requests), controller));
    },
  },
  "Promise.allSettled": {
    system: "Promise.allSettled",
    family: "platform",
    fails: false,
    begin({ addresses, get }) {
      return owned(Promise.allSettled(addresses.map((address) => get(address))));
    },
  },
  "p-limit": {
    system: "p-limit",
    family: "package",
    maker: "p-limit",
    fails: true,
    async begin({ addresses, get, limit }) {
      const { default: pLimit } = await import("p-limit");
      const limited = pLimit(limit);
      const requests = addresses.map((address) => limited(() => get(address)));
      return loose(requests, Promise.all(requests));
    },
  },
  "p-map": {
    system: "p-map",
    family: "package",
    maker: "p-map",
    fails: true,
    async begin({ addresses, get, limit }) {
      const { default: pMap } = await import("p-map");
      return owned(pMap(addresses, (address) => get(address), { concurrency: limit }));
    },
  },
  "effect": {
    system: "effect forEach",
    family: "package",
    maker: "effect",
    fails: true,
    async begin({ addresses, get }) {
      const { Effect } = await import("effect");
      const one = (address: string) => Effect.tryPromise({ try: (signal) => get(address, signal), catch: (error) => error });
      return owned(Effect.runPromise(Effect.forEach(addresses, one, { concurrency: "unbounded", discard: true })));
    },
  },
  "effection": {
    system: "effection all",
    family: "package",
    maker: "effection",
    fails: true,
    async begin({ addresses, get }) {
      const { all, call, run, useAbortSignal } = await import("effection");
      const one = (address: string) =>
        call(function* () {
          const signal = yield* useAbortSignal();
          return yield* call(() => get(address, signal));
        });
      return owned(Promise.resolve(run(() => all(addresses.map(one)))));
    },
  },
  "taskGroup": { system: "espalier taskGroup", family: "espalier", fails: true, begin: (fanOut) => group(fanOut) },
  "taskGroup, limited": { system: "espalier taskGroup, concurrency", family: "espalier", fails: true, begin: (fanOut) => group(fanOut, fanOut.limit) },
  "map, limited": {
    system: "espalier map, concurrency",
    family: "espalier",
    fails: true,
    begin: ({ addresses, get, limit }) => owned(map(addresses, (address, scope) => get(address, scope.signal), { concurrency: limit })),
  },
} satisfies Readonly<Record<string, Join>>;

export type JoinName = keyof typeof joins;
