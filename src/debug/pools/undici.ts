import { around } from "../around.ts";
import { Account } from "./account.ts";
import { Ledger } from "./ledger.ts";

/** As much of a dispatcher of `undici` as is watched: an `Agent`, a `Pool`, a `Client`; 7.11 or later, which have `stats`. */
export interface UndiciDispatcher {
  // Its options and its handler differ from version to version.
  dispatch: (options: never, handler: never) => boolean;
  readonly stats?: object | undefined;
}

interface Stats {
  readonly queued?: number;
  readonly pending?: number;
}

const BEGUN = new Set<unknown>(["onRequestStart", "onConnect"]);
const OVER = new Set<unknown>(["onResponseEnd", "onResponseError", "onRequestUpgrade", "onComplete", "onError", "onUpgrade"]);

export function watchUndici(dispatcher: UndiciDispatcher, name: string | undefined): Disposable {
  const { dispatch } = dispatcher;
  const ownDispatch = dispatch as (this: UndiciDispatcher, options: object, handler: object) => boolean;
  /** An agent has a pool for each origin. */
  const ledgers = new Map<string, Ledger>();
  const ledgerOf = (origin: string): Ledger => {
    const known = ledgers.get(origin);
    if (known !== undefined) return known;
    const made = new Ledger({
      kind: "undici pool",
      name: name === undefined ? origin : isAgent(dispatcher) ? `${name}: ${origin}` : name,
      wayOut: "Read or dump() each body: a connection is busy until then. Or raise connections.",
      isFull: () => hasQueue(dispatcher, origin),
    });
    ledgers.set(origin, made);
    return made;
  };
  dispatcher.dispatch = function (this: UndiciDispatcher, options: { readonly origin?: string | URL }, handler: object) {
    const { origin = "" } = options;
    const ledger = ledgerOf(typeof origin === "string" ? origin : origin.origin);
    const account = Account.outside(around());
    ledger.waits(account);
    return ownDispatch.call(this, options, noting(handler, ledger, account));
  };
  return { [Symbol.dispose]: () => void (dispatcher.dispatch = dispatch) };
}

/** Whether it has a pool for each origin. */
function isAgent({ stats }: UndiciDispatcher): boolean {
  return stats === undefined || !("pending" in stats);
}

/** Whether a request waits for a connection. */
function hasQueue({ stats }: UndiciDispatcher, origin: string): boolean {
  const all = (stats ?? {}) as Stats & Readonly<Record<string, Stats | undefined>>;
  const { queued, pending = 0 } = all[origin] ?? all;
  return (queued ?? pending) > 0;
}

/** The handler of a request, of whichever version of undici, with what comes of the request written down. */
function noting(handler: object, ledger: Ledger, account: Account): object {
  return new Proxy(handler, {
    get(target, key) {
      const value: unknown = Reflect.get(target, key, target);
      if (typeof value !== "function") return value;
      return (...args: unknown[]): unknown => {
        if (BEGUN.has(key)) ledger.holds(handler, account);
        else if (OVER.has(key)) {
          ledger.leaves(account);
          ledger.gaveBack(handler);
        }
        return value.apply(target, args);
      };
    },
  });
}
