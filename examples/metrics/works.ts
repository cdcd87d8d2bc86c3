import { work } from "espalier/executor";

/** The price of an order; there is none for nothing. */
export const price = work(import.meta, "price", (items: number) => {
  if (items === 0) throw new RangeError("an order of nothing");
  return 100 * items;
});
