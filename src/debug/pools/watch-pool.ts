import { follow } from "../around.ts";
import { type PgPool, watchPg } from "./pg.ts";
import { type UndiciDispatcher, watchUndici } from "./undici.ts";

const watched = new WeakMap<object, Disposable>();

/**
 * Tells, as of the pools of espalier, who holds the connections of a foreign pool while somebody waits for one and nobody gets on: of a `Pool` of `pg`,
 * and of an `Agent`, `Pool` or `Client` of undici. Until what it gives is disposed. Holders are named by their task, and by the line of the program.
 *
 * Waits for nothing, and changes nothing of what the pool does. Throws TypeError for what is no such pool. A pool that is watched already
 * is not watched twice.
 *
 * @example
 * ```ts
 * import { watchPool } from "espalier/debug";
 * import { Agent, setGlobalDispatcher } from "undici";
 *
 * const agent = new Agent({ connections: 10 });
 * watchPool(agent);
 * setGlobalDispatcher(agent);
 * ```
 */
export function watchPool(pool: PgPool | UndiciDispatcher, { name }: { readonly name?: string | undefined } = {}): Disposable {
  const known = watched.get(pool);
  if (known !== undefined) return known;
  const watching = watch(pool, name);
  follow();
  const once = {
    [Symbol.dispose]() {
      if (watched.get(pool) === once) watched.delete(pool);
      watching[Symbol.dispose]();
    },
  };
  watched.set(pool, once);
  return once;
}

function watch(pool: PgPool | UndiciDispatcher, name: string | undefined): Disposable {
  if (typeof (pool as Partial<UndiciDispatcher> | undefined)?.dispatch === "function") return watchUndici(pool as UndiciDispatcher, name);
  if (typeof (pool as Partial<PgPool> | undefined)?.connect === "function" && typeof (pool as Partial<PgPool>).waitingCount === "number") return watchPg(pool as PgPool, name ?? "pg pool");
  throw new TypeError(`watchPool() knows the pools of pg, and the agents, pools and clients of undici, and got ${String(pool)}. Pools of espalier are watched in debug mode anyway.`);
}
