/** The rows of `npm run bench threads`, in the order of the table; each is a file of this folder. */
export const rows: readonly string[] = [
  "at-once",
  "in-flight",
  "latency",
  "around-a-long-one",
  "payload",
  "timers",
  "parallel",
  "wasm",
  "processes",
  "threads-or-processes",
];

export const about = "What a call to another thread or process costs, beside the pools that there are and Python's.";
