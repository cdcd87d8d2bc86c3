/** A module that is never loaded to its end. */
import { work } from "espalier/executor";

export const unreachable = work(import.meta, "unreachable", () => "ran");

// Only where it is loaded for a work: the test imports it too.
if (process.send !== undefined && process.argv.includes("worker")) await new Promise(() => {});
