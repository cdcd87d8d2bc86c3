/** Shops to try the library with. */
import { type Scope, sleep } from "espalier";
import type { Connection, Shop } from "./quotes.ts";

/** Prices of one shop, which takes `ms` to answer. It counts the connections that are open. */
export class PretendedShop implements Shop {
  readonly name: string;
  readonly #prices: Readonly<Record<string, number>>;
  readonly #ms: number;
  open = 0;

  constructor(name: string, prices: Readonly<Record<string, number>>, ms: number) {
    this.name = name;
    this.#prices = prices;
    this.#ms = ms;
  }

  async connect(): Promise<Connection> {
    this.open++;
    return { price: (item, scope) => this.#price(item, scope), close: async () => void this.open-- };
  }

  async #price(item: string, scope: Scope): Promise<number> {
    await sleep(this.#ms, scope);
    const price = this.#prices[item];
    if (price === undefined) throw new Error(`${this.name} has no ${item}`);
    return price;
  }
}
