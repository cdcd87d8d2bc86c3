/** A program that runs until it is told to end, and can be asked what runs. */
import { run, sleepForever } from "espalier";

await run(
  async (scope) => {
    await scope.group((group) => {
      for (let n = 0; n < 990; n++) group.spawn(sleepForever, { name: "fetchPage" });
      group.spawn((own) => own.wait(new Promise<never>(() => {})), { name: "job 17" });
      console.log("ready");
    });
  },
  { name: "crawl", signals: ["SIGTERM"] },
).catch(() => {});
