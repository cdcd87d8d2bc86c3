/** JSON of a megabyte, read. */
import { timed } from "../timed.mjs";

/** About 100 bytes each; `jit.py` makes them too. */
const record = (_, id) => ({ id, name: `user number ${id}`, email: `user${id}@example.com`, active: id % 3 === 0, score: id / 7, tags: ["a", "b"] });
const text = JSON.stringify(Array.from({ length: 8_600 }, record));

export const ways = { parse: () => timed(1, () => JSON.parse(text)) };
