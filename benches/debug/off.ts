/** The package as it is beside one without a word to any probe: what diagnostics cost who never asks for them. */
import { atMost, type Row } from "../row.ts";
import { asItIs, sideBySide } from "./side-by-side.ts";
import { withoutProbes } from "./without-probes.ts";

export const row: Row = {
  parts: 5,
  async measure() {
    using build = withoutProbes();
    return await sideBySide(asItIs, { name: "without probe calls", environment: { ESPALIER_DEBUG: "", ESPALIER_DIST: build.dist } }, ["tasks", "trivial", "limit", "lock", "cancel"], atMost(1.02));
  },
};
