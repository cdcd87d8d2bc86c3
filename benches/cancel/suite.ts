/** The rows of `npm run bench cancel`, in the order of the report; each is a file of this folder. */
export const rows: readonly string[] = ["time", "deaf"];

export const about = "How long it takes from the cancellation until the last task has ended, and what is left behind when the caller is told that all is over.";
