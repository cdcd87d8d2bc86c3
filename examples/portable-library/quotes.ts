/**
 * A library, written once: asks all shops for the price of an item, and gives the lowest.
 *
 * It takes whatever carries a signal. Who has an AbortController, a scope, a web `Request` calls it as it is; for Effect, Effection and
 * RxJS there is a line each in the files beside.
 */
import { type Cancellable, failAfter, type Scope } from "espalier";
import { asCompleted, fixed, retry } from "espalier/flow";

/** Where prices come from. It may fail, and it holds something that has to be closed. */
export interface Shop {
  readonly name: string;
  connect(scope: Scope): Promise<Connection>;
}

export interface Connection {
  price(item: string, scope: Scope): Promise<number>;
  close(): Promise<void>;
}

export interface Quote {
  readonly shop: string;
  readonly price: number;
}

/** No shop had a price. `errors` says why, shop by shop. */
export class NoQuote extends Error {
  readonly _tag = "NoQuote";
  readonly errors: readonly unknown[];

  constructor(item: string, errors: readonly unknown[]) {
    super(`no shop has a price for ${item}`);
    this.name = "NoQuote";
    this.errors = errors;
  }
}

/** How long all shops together may take, in milliseconds. */
const PATIENCE = 10_000;

/** The lowest price. Every connection is closed when this settles, whatever happened. */
export function bestQuote(item: string, shops: readonly Shop[], caller: Cancellable): Promise<Quote> {
  return failAfter(
    PATIENCE,
    async (scope) => {
      const outcomes = await scope.allSettled(shops.map((shop) => (own) => ask(shop, item, own)));
      const quotes = outcomes.flatMap((outcome) => (outcome.status === "fulfilled" ? [outcome.value] : []));
      const best = quotes.toSorted((one, other) => one.price - other.price)[0];
      if (best === undefined) throw new NoQuote(item, outcomes.flatMap((outcome) => (outcome.status === "rejected" ? [outcome.reason as unknown] : [])));
      return best;
    },
    { signal: caller.signal, name: "bestQuote" },
  );
}

/** All prices, as they come. */
export async function* quotes(item: string, shops: readonly Shop[], scope: Scope): AsyncGenerator<Quote, void, undefined> {
  for await (const quote of asCompleted(shops.map((shop) => (own: Scope) => ask(shop, item, own)), scope)) yield quote;
}

async function ask(shop: Shop, item: string, scope: Scope): Promise<Quote> {
  const connection = await retry((own) => shop.connect(own), fixed(100).attempts(3), scope);
  try {
    return { shop: shop.name, price: await connection.price(item, scope) };
  } finally {
    await scope.shield(() => connection.close(), { timeout: 1_000 });
  }
}

