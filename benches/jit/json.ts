/** JSON of a megabyte, read by what is written in C or C++ in both languages. */
import { guideJsonNote } from "../guide.ts";
import type { Row } from "../row.ts";
import { rowOf } from "./tiers.ts";

export const row: Row = rowOf(import.meta.url, {
  name: "json",
  board: "JSON of 1 MB, read",
  about: "8,600 records by JSON.parse and json.loads.",
  unit: "ms for 1 MB",
  better: "less",
  shown: (micros) => micros / 1000,
  ways: [{ way: "parse", system: "JSON.parse", family: "platform" }],
  inPython: [{ way: "parse", system: "json.loads" }],
  notes: ["Nothing here is compiled from the program: a compiler has nothing to gain.", guideJsonNote],
});
