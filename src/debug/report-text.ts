import type { DebugReport } from "./mistake.ts";

/**
 * A report as a text of a few lines: what was seen, the task, where it was started, where it stood, and what to do.
 *
 * @example
 * ```ts
 * import { sleep, taskGroup } from "espalier";
 * import { onReport, reportText } from "espalier/debug";
 *
 * const found = onReport((report) => console.log(reportText(report).split("\n")[1]));
 * await taskGroup((group) => void sleep(1_000, group), { name: "careless" }); // "  task     careless"
 * found[Symbol.dispose]();
 * ```
 */
export function reportText({ kind, what, path, spawnedAt, standsAt, advice }: DebugReport): string {
  const lines = [`${kind}: ${what}`, `  task     ${path.join(" > ")}`];
  if (spawnedAt !== undefined) lines.push(`  started  ${spawnedAt}`);
  if (standsAt !== undefined) lines.push(`  stood    ${standsAt}`);
  lines.push(`  to do    ${advice}`);
  return lines.join("\n");
}
