/** The rows of `npm run bench http`, in the order of the report; each is a file of this folder. */
export const rows: readonly string[] = ["batch", "failure"];

export const about = "1,000 GETs of 1 KB at once, from a server in a process of its own: how fast they are, and what still runs when one of them has failed.";
