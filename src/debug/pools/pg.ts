import { around } from "../around.ts";
import { Account } from "./account.ts";
import { Ledger } from "./ledger.ts";

/** As much of a pool of `pg` as is watched: 8.8 or later, whose `"release"` is told. */
export interface PgPool {
  readonly options: { readonly max?: number | undefined };
  readonly totalCount: number;
  readonly waitingCount: number;
  // Overloaded, all of them.
  connect: (...args: never[]) => unknown;
  on: (...args: never[]) => unknown;
  off: (...args: never[]) => unknown;
}

interface Own {
  connect: (answer?: Answer) => Promise<object> | undefined;
  on(event: "release", listener: (error: Error, client: object) => void): unknown;
  off(event: "release", listener: (error: Error, client: object) => void): unknown;
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
  const own = pool as unknown as Own;
  const { connect } = own;
  const release = (_error: Error, client: object): void => ledger.gaveBack(client);
  own.on("release", release);
  own.connect = function (this: Own, answer?: Answer) {
    const account = Account.outside(around());
    const got = (client: object | undefined): void => (client === undefined ? ledger.leaves(account) : ledger.holds(client, account));
    ledger.waits(account);
    if (answer !== undefined) {
      return connect.call(this, (error, client, done) => {
        got(client);
        answer(error, client, done);
      });
    }
    const connecting = connect.call(this)!;
    connecting.then(got, () => got(undefined));
    return connecting;
  };
  return {
    [Symbol.dispose]() {
      own.connect = connect;
      own.off("release", release);
    },
  };
}
