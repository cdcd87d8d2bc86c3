/** p-limit, the usual way to bound a fan-out: its queue goes on after the first failure. */
import { importRival } from "../rivals.ts";
import { begun } from "./platform.ts";
import type { MissingWay, Way } from "./way.ts";

interface PLimit {
  default(concurrency: number): <T>(fn: () => Promise<T>) => Promise<T>;
}

export interface Located {
  readonly way: Way | MissingWay;
  readonly version: string | undefined;
}

export async function pLimitWay(limit: number): Promise<Located> {
  const rival = await importRival<PLimit>("p-limit");
  const name = `p-limit(${limit})`;
  const parts = ["fan-out", "failing"] as const;
  if ("missing" in rival) return { way: { name, missing: rival.missing, parts }, version: undefined };
  const pLimit = rival.module.default;
  const way: Way = {
    name,
    ours: false,
    inHand: Math.min,
    parts,
    begin({ addresses, get, limit }) {
      const limited = pLimit(limit);
      const requests = addresses.map((address) => limited(() => get(address)));
      return begun(requests, Promise.all(requests));
    },
  };
  return { way, version: rival.version };
}
