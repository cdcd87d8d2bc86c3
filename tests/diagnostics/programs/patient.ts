/** A program that waits to be interrupted, and takes its time then. */
import { run, sleep, sleepForever } from "espalier";

await run(
  async (scope) => {
    scope.defer(async (own) => {
      await sleep(1, own);
      console.log("cleaned up");
    });
    console.log("ready");
    await sleepForever(scope);
  },
  { name: "patient" },
);
