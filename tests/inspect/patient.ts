/** A program that waits to be interrupted, and takes its time then; by itself, or begun and watched by another one (`begin`). */
import { run, sleep, sleepForever } from "espalier";
import { runWatched } from "../../src/cli/inspect/watched-script.ts";
import { Program } from "../../src/inspect/watch/program.ts";

if (process.argv[2] === "begin") {
  const script = { runtime: [process.execPath, "--conditions=espalier:source"], file: import.meta.filename, args: [], debug: false };
  await run((scope) => runWatched(new Program(), script, scope), { grace: Infinity });
} else {
  await run(async (scope) => {
    scope.defer(async (own) => {
      await sleep(300, own);
      console.log("cleaned up");
    });
    console.log("ready");
    await sleepForever(scope);
  });
}
