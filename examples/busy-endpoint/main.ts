/**
 * A server with an endpoint that computes, and what that does to the others: the same endpoint once on the main thread, once in worker
 * threads, under the same load. It prints how long the light requests beside it took. The clients are in a thread of their own.
 *
 *   npx node --conditions=espalier:source examples/busy-endpoint/main.ts [requests]
 */
import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { availableParallelism } from "node:os";
import { run, type Scope } from "espalier";
import { type Executor, inline, threadPool } from "espalier/threads";
import { countPrimes, measure } from "./works.ts";

const BELOW = 200_000;
/** One core is left to the event loop. */
const THREADS = Math.max(1, availableParallelism() - 1);

/** Serves until `body` is done. */
async function serve<T>(executor: Executor, body: (origin: string, scope: Scope) => Promise<T>, scope: Scope): Promise<T> {
  return scope.group(async (group) => {
    const server = createServer(({ url }, response) => {
      if (url === "/light") {
        response.end("here");
        return;
      }
      const task = group.spawn(async (own) => response.end(String(await executor.run(countPrimes, BELOW, own))));
      response.on("close", () => task.cancel()); // the client is gone: nobody computes for it
    });
    server.listen(0, "127.0.0.1");
    await once(server, "listening", group);
    try {
      return await body(`http://127.0.0.1:${(server.address() as AddressInfo).port}`, group);
    } finally {
      server.close();
      server.closeAllConnections();
    }
  });
}

const percentile = (sorted: readonly number[], part: number): string => `${(sorted[Math.ceil(sorted.length * part) - 1] ?? NaN).toFixed(1)} ms`.padStart(9);

await run(async (scope) => {
  const requests = Number(process.argv[2] ?? 200);
  console.log("/heavy runs      /light p50       p99");
  await threadPool(
    (clients) =>
      threadPool(
        async (workers) => {
          for (const [where, executor] of [["inline", inline], ["in threads", workers]] as const) {
            const took = await serve(executor, (origin, own) => clients.run(measure, { origin, requests }, own), scope);
            took.sort((a, b) => a - b);
            console.log(`${where.padEnd(16)}${percentile(took, 0.5)} ${percentile(took, 0.99)}`);
          }
        },
        { size: THREADS },
      ),
    { size: 1, name: "clients" },
  );
});
