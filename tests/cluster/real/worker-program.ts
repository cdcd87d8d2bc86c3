/** A worker that is started to be killed. It says when it takes calls. */
import { isCancelled, run } from "espalier";
import { serveWorks } from "espalier/cluster";

const { servers, hold, replicas, size } = JSON.parse(process.argv[2]!) as { servers: string; hold: number; replicas: number; size: number };
await run((scope) =>
  serveWorks(
    {
      servers,
      namespace: "test",
      modules: [new URL("./works.ts", import.meta.url)],
      threads: { size, perWorker: 8 },
      durable: { hold, replicas, attempts: 100 },
      onReady: () => void process.stdout.write("ready\n"),
    },
    scope,
  ),
).catch((error: unknown) => {
  if (!isCancelled(error)) throw error;
});
