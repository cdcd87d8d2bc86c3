/** The rows of `npm run bench memory`, in the order of the report; each is a file of this folder. */
export const rows: readonly string[] = ["waiting"];

export const about = "What a task keeps while it waits, everything included.";
