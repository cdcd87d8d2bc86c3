/** Debug mode beside a program without it: what every task and every wait pays for its stack and its checks. */
import { atMost, type Row } from "../row.ts";
import { asItIs, sideBySide } from "./side-by-side.ts";

export const row: Row = {
  parts: 7,
  async measure() {
    const first = await sideBySide({ name: "ESPALIER_DEBUG=1", environment: { ESPALIER_DEBUG: "1" } }, asItIs, ["tasks", "trivial", "limit", "lock", "cancel"], atMost(2));
    const deep = await sideBySide({ name: "ESPALIER_DEBUG=deep", environment: { ESPALIER_DEBUG: "deep" } }, asItIs, ["tasks", "lock"]);
    return [...first, ...deep];
  },
};
