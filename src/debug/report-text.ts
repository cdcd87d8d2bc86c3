import type { DebugReport } from "./mistake.ts";

/** A report as a text of a few lines. */
export function reportText({ kind, what, path, spawnedAt, standsAt, advice }: DebugReport): string {
  const lines = [`${kind}: ${what}`, `  task     ${path.join(" > ")}`];
  if (spawnedAt !== undefined) lines.push(`  started  ${spawnedAt}`);
  if (standsAt !== undefined) lines.push(`  stood    ${standsAt}`);
  lines.push(`  to do    ${advice}`);
  return lines.join("\n");
}
