import type { Observed } from "../lowlevel.ts";
import { pathOf, standOf, startOf } from "./life.ts";
import type { DebugReport } from "./mistake.ts";
import { tell } from "./report.ts";

/** Tells of a mistake of `scope`, with where it was started and stood. */
export function found(scope: Observed, report: Pick<DebugReport, "kind" | "what" | "advice"> & Partial<DebugReport>): void {
  tell({
    name: scope.name,
    path: pathOf(scope),
    spawnedAt: startOf(scope),
    standsAt: standOf(scope),
    ...report,
  });
}
