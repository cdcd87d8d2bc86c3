/** A program whose processes die with many words on the standard error. */
import { taskGroup } from "espalier";
import { WorkerDiedError } from "espalier/executor";
import { processPool } from "espalier/processes";
import { echo, hoards, throwsLater, Unforeseen } from "./works.ts";

async function deathOf(call: Promise<unknown>): Promise<WorkerDiedError> {
  try {
    await call;
  } catch (error) {
    if (error instanceof WorkerDiedError) return error;
    throw error;
  }
  throw new Error("it lives");
}

await processPool(
  (pool) =>
    taskGroup(async (group) => {
      const { code, exit, cause } = await deathOf(pool.run(throwsLater, undefined, group));
      const memory = await deathOf(pool.run(hoards, undefined, group));
      const error = cause as Unforeseen;
      console.log(
        JSON.stringify({
          uncaught: { code, exit, cause: [error.constructor.name, error.code, error.message], isUnforeseen: error instanceof Unforeseen },
          memory: { code: memory.code, exit: memory.exit },
          after: await pool.run(echo, "goes on", group),
        }),
      );
    }),
  { size: 1, maxMemory: 32 },
);
