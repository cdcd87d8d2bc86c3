/** A probe that is told everything and does nothing with it: what the telling costs. One that wants to know nothing costs nothing. */
import { atMost, type Row } from "../row.ts";
import { asItIs, sideBySide } from "./side-by-side.ts";

export const row: Row = {
  parts: 5,
  measure: () => sideBySide({ name: "with an idle probe", environment: { ESPALIER_DEBUG: "", BENCH_PROBE: "idle" } }, asItIs, ["tasks", "trivial", "limit", "lock", "cancel"], atMost(1.05)),
};
