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
    way("taskGroup", unbounded, (fanOut) => group(fanOut)),
    way(`taskGroup, concurrency ${limit}`, Math.min, (fanOut) => group(fanOut, fanOut.limit)),
    way("all", unbounded, ({ addresses, get, scope }) => all(addresses.map((address) => (task) => get(address, task)), scope)),
    way(`map, concurrency ${limit}`, Math.min, ({ addresses, get, limit, scope }) => map(addresses, get, { ...scope, concurrency: limit })),
  ];
}

const unbounded = (requests: number): number => requests;

function way(name: string, inHand: Way["inHand"], call: (fanOut: FanOut) => Promise<unknown>): Way {
  const begin = (fanOut: FanOut): Begun => {
    const result = call(fanOut);
    return { result, quiet: () => result.catch(() => {}) };
  };
  return { name, ours: true, inHand, parts, begin };
}
