/** Blocks its event loop for a while, here or in a worker. */
import { isMainThread, Worker } from "node:worker_threads";
import { sleep, taskGroup } from "espalier";

if (isMainThread && process.argv[2] === "in a worker") {
  new Worker(new URL(import.meta.url));
} else {
  await taskGroup(
    async (group) => {
      group.spawn(
        async (scope) => {
          await sleep(50, scope);
          for (const until = performance.now() + 400; performance.now() < until; );
        },
        { name: "greedy" },
      );
      await sleep(600, group);
    },
    { name: "main" },
  );
}
