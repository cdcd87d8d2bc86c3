/** The rows of `npm run bench core`, in the order of the table; each is a file of this folder. */
export const rows: readonly string[] = [
  "one-await",
  "trivial",
  "effect",
  "effection",
  "http",
  "fail-after",
  "signal",
  "cancel",
  "memory",
  "flat",
  "quiet",
  "size",
];

export const about = "What structure costs: tasks, groups, time limits, signals and cancellation, beside the platform's own means and beside rivals.";
