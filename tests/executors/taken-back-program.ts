/** Cancels the only call of its worker, before that begins it, and has nothing left to do. */
import { moveOnAfter } from "espalier";
import { openProcessPool } from "espalier/processes";
import { openThreadPool } from "espalier/threads";
import { late } from "./loaded-late.ts";
import { echo } from "./works.ts";

const [kind, never] = process.argv.slice(2);
const options = { size: 1, idle: Infinity, argv: [`loaded-by=${never}`] };
const pool = kind === "threads" ? openThreadPool(options) : openProcessPool(options);
await moveOnAfter(Infinity, async (scope) => {
  await pool.run(echo, 1, scope);
  setImmediate(() => scope.cancel());
  await pool.run(late, undefined, scope);
});
