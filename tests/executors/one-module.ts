/** Works and the program that calls them in one module, which awaits all it does at its top level. It says what came of it. */
import { taskGroup } from "espalier";
import { callback, inlinePool, work } from "espalier/executor";
import { processPool } from "espalier/processes";
import { threadPool } from "espalier/threads";

export class Refused extends Error {
  readonly code = "REFUSED";
}
export const answer = callback<void, string>(import.meta, "answer");
export const refuse = work(import.meta, "refuse", () => {
  throw new Refused("by the work");
});
export const asks = work(import.meta, "asks", (_: void, scope) => scope.caller.call(answer, undefined));

// Workers are given the same environment, but not the same arguments.
const { TEST_KIND: kind, TEST_GUARD: guard } = process.env;
const options = { size: 1, clone: true };
const pool = { inline: inlinePool, threads: threadPool, processes: processPool }[kind as "inline"];
if (guard === "none" || import.meta.main) {
  const failed = (error: unknown): string => `${(error as Refused).code} ${(error as Error).message}`;
  await pool(
    (executor) =>
      taskGroup(async (group) => {
        const offers = [answer.by(() => Promise.reject(new Refused("by the caller")))];
        console.log(await executor.run(refuse, undefined, group).catch(failed));
        console.log(await executor.run(asks, undefined, group, { offers }).catch(failed));
      }),
    options,
  );
}
