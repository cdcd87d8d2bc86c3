/** espalier's ways. The call settles after everything it began has ended: its result is its quiet. */
import { all, map, taskGroup } from "espalier";
import type { Begun, FanOut, Way } from "./way.ts";

const parts = ["fan-out", "failing"] as const;

const group = (fanOut: FanOut, concurrency?: number): Promise<void> =>
  taskGroup(
    (tasks) => {
      for (const address of fanOut.addresses) tasks.spawn((scope) => fanOut.get(address, scope));
    },
    { ...fanOut.scope, concurrency },
  );

export function espalierWays(limit: number): Way[] {
  return [
    unbounded("taskGroup", (fanOut) => group(fanOut)),
    bounded(`taskGroup, concurrency ${limit}`, (fanOut) => group(fanOut, fanOut.limit)),
    unbounded("all", ({ addresses, get, scope }) => all(addresses.map((address) => (task) => get(address, task)), scope)),
    bounded(`map, concurrency ${limit}`, ({ addresses, get, limit, scope }) => map(addresses, get, { ...scope, concurrency: limit })),
  ];
}

function unbounded(name: string, call: (fanOut: FanOut) => Promise<unknown>): Way {
  return { name, ours: true, inHand: (requests) => requests, parts, begin: (fanOut) => begun(call(fanOut)) };
}

function bounded(name: string, call: (fanOut: FanOut) => Promise<unknown>): Way {
  return { name, ours: true, inHand: Math.min, parts, begin: (fanOut) => begun(call(fanOut)) };
}

function begun(result: Promise<unknown>): Begun {
  return { result, quiet: () => result.catch(() => {}) };
}
