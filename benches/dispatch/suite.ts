/** The rows of `npm run bench dispatch`, in the order of the report; each is a file of this folder. */
export const rows: readonly string[] = ["one-await", "trivial", "signals"];

export const about = "What it costs to start 10,000 tasks together and to wait for all of them: in each system, on each runtime.";
