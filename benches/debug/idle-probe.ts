/** A probe that is attached and wants to know nothing: what it costs to be ready to tell. */
import { atMost, type Row } from "../row.ts";
import { asItIs, sideBySide } from "./side-by-side.ts";

export const row: Row = {
  measure: () => sideBySide({ name: "with an idle probe", environment: { ESPALIER_DEBUG: "", BENCH_PROBE: "idle" } }, asItIs, ["tasks", "trivial", "limit", "lock", "cancel"], atMost(1.05)),
};
