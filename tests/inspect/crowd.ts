/** A program to look into: 990 equal tasks and one that is not, idle or in a busy loop. Ends when its standard input does. */
import { sleepForever, taskGroup } from "espalier";

const isBusy = process.argv[2] === "busy";
process.stdin.resume();
process.stdin.once("end", () => process.exit(0));

await taskGroup(
  async (group) => {
    for (let n = 0; n < 990; n++) group.spawn(sleepForever, { name: "fetchPage" });
    group.spawn((scope) => scope.wait(new Promise(() => {})), { name: "job 17" });
    await new Promise<void>((resolve) => process.stdout.write("ready\n", () => resolve()));
    // Nothing gets through to it but signals; its end is whoever started it.
    if (isBusy) for (;;);
    await sleepForever(group);
  },
  { name: "crawl" },
);
