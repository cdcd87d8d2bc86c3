/** Goes through many programs, and keeps for each demand the first one that does not meet it. */
import { type Found, type Hunt, hunt } from "./hunt.ts";

/** By `demands`. The violation of that is the first one in what was found. */
export async function survey(area: Pick<Hunt, "from" | "trees" | "orders">): Promise<ReadonlyMap<string, Found>> {
  const found = new Map<string, Found>();
  const onFound = (one: Found): boolean => {
    for (const violation of one.violations) {
      // The report is about the first one in the list.
      const first = { ...one, violations: [violation, ...one.violations.filter((other) => other !== violation)] };
      if (!found.has(violation.demands)) found.set(violation.demands, first);
    }
    return true;
  };
  await hunt({ ...area, onFound });
  return found;
}
