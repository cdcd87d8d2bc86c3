/** The rows of `npm run bench testing`, in the order of the table; each is a file of this folder. */
export const rows: readonly string[] = ["schedules"];

export const about = "What an exploration of interleavings costs.";
