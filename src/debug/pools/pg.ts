import { around } from "../around.ts";
import { Account } from "./account.ts";
import { Ledger } from "./ledger.ts";

/** As much of a pool of `pg` as is watched: 8.8 or later, whose `"release"` is told. */
export interface PgPool {
  readonly options: { readonly max?: number | undefined };
  readonly totalCount: number;
  readonly waitingCount: number;
  // Overloaded, with a callback and without.
  connect: (...args: never[]) => unknown;
  on(event: "release", listener: (error: Error, client: never) => void): unknown;
  off(event: "release", listener: (error: Error, client: never) => void): unknown;
}

type Answer = (error: unknown, client: object | undefined, done: unknown) => void;

const MOST_BY_DEFAULT = 10;

export function watchPg(pool: PgPool, name: string): Disposable {
  const ledger = new Ledger({
    kind: "pg pool",
    name,
    wayOut: "Release each client in a finally, use pool.query() where one query is enough, take no second client while holding one, or raise max.",
    isFull: (held) => held >= (pool.options.max ?? MOST_BY_DEFAULT),
  });
  const { connect } = pool;
  const ownConnect = connect as (this: PgPool, answer?: Answer) => Promise<object> | undefined;
  const release = (_error: Error, client: object): void => ledger.gaveBack(client);
  pool.on("release", release);
  pool.connect = function (this: PgPool, answer?: Answer) {
    const account = Account.outside(around());
    const got = (client: object | undefined): void => (client === undefined ? ledger.leaves(account) : ledger.holds(client, account));
    ledger.waits(account);
    if (answer !== undefined) {
      return ownConnect.call(this, (error, client, done) => {
        got(client);
        answer(error, client, done);
      });
    }
    const connecting = ownConnect.call(this)!;
    connecting.then(got, () => got(undefined));
    return connecting;
  };
  return {
    [Symbol.dispose]() {
      pool.connect = connect;
      pool.off("release", release);
    },
  };
}
