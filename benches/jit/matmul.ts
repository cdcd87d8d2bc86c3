/** Numbers in lists. */
import type { Row } from "../row.ts";
import { rowOf } from "./tiers.ts";

export const row: Row = rowOf(import.meta.url, {
  name: "matmul",
  board: "A product of matrices, 32×32",
  about: "Of numbers in lists of lists, three loops as one writes them.",
  unit: "µs for a product",
  better: "less",
  shown: (micros) => micros,
  ways: [{ way: "list", system: "JavaScript", family: "platform" }],
  inPython: [{ way: "list", system: "Python" }],
  notes: ["The guide has 2.40 s without and 1.65 s with the JIT, and does not say of how many products."],
});
