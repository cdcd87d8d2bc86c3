/** The rows of `npm run bench sync`, in the order of the table; each is a file of this folder. */
export const rows: readonly string[] = ["lock", "map", "channel", "map-stream"];

export const about = "What locks, channels and lists cost beside others.";
