/** A program that has no descriptor left for another process, and later has some. */
import { closeSync, openSync } from "node:fs";
import { taskGroup } from "espalier";
import { WorkerDiedError } from "espalier/executor";
import { runProcess } from "espalier/process";
import { processPool } from "espalier/processes";
import { echo } from "./works.ts";

const taken: number[] = [];

function takeAll(): void {
  try {
    for (;;) taken.push(openSync("/dev/null", "r"));
  } catch {
    // It was the last one.
  }
}

const codeOf = (error: unknown): unknown => (error as NodeJS.ErrnoException | undefined)?.code;
const failureOf = (call: Promise<unknown>): Promise<unknown> => call.then(() => "it succeeded", (error: unknown) => error);

await processPool(
  (pool) =>
    taskGroup(async (group) => {
      takeAll();
      const death = await failureOf(pool.run(echo, 1, group));
      const command = await failureOf(runProcess(process.execPath, ["-p", "1"], group));
      for (const descriptor of taken) closeSync(descriptor);
      const work = death instanceof WorkerDiedError ? [death.code, codeOf(death.cause)] : String(death);
      console.log(JSON.stringify({ work, command: codeOf(command), after: await pool.run(echo, "goes on", group) }));
    }),
  { size: 1 },
);
