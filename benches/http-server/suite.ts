/** The rows of `npm run bench http-server`, in the order of the table; each is a file of this folder. */
export const rows: readonly string[] = ["node", "fastify"];

export const about = "What the scope of a request costs a server.";
