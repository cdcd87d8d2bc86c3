/**
 * A program to look into: 990 equal tasks and one that is not, idle or in a busy loop, one whose timers stand still, or one with a server, which says who
 * came; under this name, or that which it is given. Ends when its standard input does.
 */
import { once } from "node:events";
import { createServer } from "node:http";
import { sleepForever, taskGroup } from "espalier";

const [, , how, name = "crawl"] = process.argv;
const isBusy = how === "busy";
if (how === "no timers") Object.assign(globalThis, { setTimeout: () => ({ unref() {} }) });
if (how === "serving") {
  const server = createServer(({ url }, response) => {
    process.stdout.write(`asked for ${url}\n`);
    response.end();
  });
  await once(server.listen(0, "127.0.0.1"), "listening");
}
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
  { name },
);
