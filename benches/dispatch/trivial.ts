/** 10,000 functions that never wait: nothing but the bookkeeping. */
import { trivial } from "../core/workload.ts";
import type { Row } from "../row.ts";
import type { Ways } from "../sample.ts";
import { rowOf, waysOf } from "./spawn.ts";

export const ways: Ways = waysOf(trivial);

export const row: Row = rowOf(import.meta.url, "trivial", {
  board: "A task that never waits",
  about: "10,000 async functions that return at once, started together and waited for: nothing but the bookkeeping.",
  notes: ["Promise.all of such functions is next to nothing: their promises are resolved before it sees them."],
});
