import { readFileSync } from "node:fs";

/**
 * For how many ms the main thread has been ready to run and was not let, because the machine is busy with others: that is no fault of the
 * program. Linux tells it; elsewhere 0.
 */
export function starvedMs(): number {
  try {
    // Time on a processor, time waiting for one, in ns.
    return Number(readFileSync(`/proc/self/task/${process.pid}/schedstat`, "utf8").split(" ")[1]) / 1e6 || 0;
  } catch {
    return 0;
  }
}
