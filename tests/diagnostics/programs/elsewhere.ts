/** A program whose works run in threads and processes. */
import { taskGroup } from "espalier";
import { processPool } from "espalier/processes";
import { threadPool } from "espalier/threads";
import { count } from "./works.ts";

await threadPool(
  (inThreads) =>
    processPool((inProcesses) => taskGroup((group) => Promise.all([inThreads.run(count, 1, group), inProcesses.run(count, 2, group)]), { name: "main" }), { size: 1 }),
  { size: 1 },
);
