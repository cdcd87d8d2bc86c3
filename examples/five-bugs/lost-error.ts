/** Bug 3: a request is left alone when its time is over, and fails later, with nobody there to hear it. Run with ESPALIER_DEBUG=1. */
import { moveOnAfter, run, sleep } from "espalier";

const request = (): Promise<never> => new Promise((_, reject) => setTimeout(() => reject(new Error("the database is full")), 30));

await run(async (scope) => {
  await moveOnAfter(10, (inner) => inner.wait(request()), { name: "query" });
  await sleep(40, scope);
});
