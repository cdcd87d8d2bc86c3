import type { Observed } from "../lowlevel.ts";
import { lifeOf, pathOf, placed } from "./life.ts";
import type { DebugReport } from "./mistake.ts";
import { tell } from "./report.ts";

/** Tells of a mistake of `scope`, with where it was started and stood. */
export function found(scope: Observed, report: Pick<DebugReport, "kind" | "what" | "advice"> & Partial<DebugReport>): void {
  const life = lifeOf(scope);
  tell({
    name: scope.name,
    path: pathOf(scope),
    spawnedAt: life?.startedAt.place,
    standsAt: life?.stood === undefined ? undefined : placed(life.stood.label, life.stood.at),
    ...report,
  });
}
