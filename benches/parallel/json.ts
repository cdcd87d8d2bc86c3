/** JSON that is read, grouped and written again: work without numbers, whose input and output are text. */
import { quick } from "../measure.ts";
import type { Row } from "../row.ts";
import type { Ways } from "../sample.ts";
import { type Amount, type Piece, rowOf, waysOf } from "./contest.ts";
import { totals } from "./functions.mjs";
import type { Pool } from "./pools.ts";

const documents = quick ? 4 : 32;
const ordersOfOne = quick ? 20 : 800;

/** The same orders in every run; `parallel.py` makes them too. */
function orders(document: number): string {
  const one = (_: unknown, number: number) => {
    const seed = document * 7919 + number * 31;
    const lines = Array.from({ length: 1 + (seed % 4) }, (_, line) => ({ article: `article ${(seed * 13 + line * 7) % 200}`, price: ((seed * 17 + line) % 9900) / 100, count: 1 + ((seed + line) % 9) }));
    return { id: seed, customer: `customer ${seed % 97}`, state: seed % 11 === 0 ? "cancelled" : "paid", note: "to be left with the neighbours, please", lines };
  };
  return JSON.stringify(Array.from({ length: ordersOfOne }, one));
}

const all = Array.from({ length: documents }, (_, document) => orders(document));
const megabytes = all.reduce((sum, document) => sum + document.length, 0) / 1e6;

const piece: Piece = {
  name: "json",
  board: { board: "A JSON transform", about: `${documents} documents of ${Math.round((megabytes * 1000) / documents)} kB each: orders are read, grouped by customer and written as totals. Text goes in and comes out, by copies everywhere.` },
  amount: { javaScript: megabytes, python: megabytes, unit: "MB/s" },
  async prepare(pool: Pool) {
    const once = (): Promise<unknown[]> => pool((call) => Promise.all(all.map((document) => call("totals", document))));
    const [first] = await once();
    if (first !== totals(all[0]!)) throw new Error("a worker gave other totals than this thread");
    return async () => void (await once());
  },
  notes: [],
  beside: [],
};

export const ways: Ways<Amount> = waysOf(piece);

export const row: Row = rowOf(import.meta.url, piece);
