/** A caller that is started to be killed, and started again. It says which calls are done, one a line. */
import { run } from "espalier";
import { openCluster, type Work } from "espalier/cluster";
import { effect, exactlyOnce, type Task, waits } from "./works.ts";

const options = JSON.parse(process.argv[2]!) as { servers: string; file: string; count: number; ms: number; what: "effect" | "exactlyOnce" | "waits"; durable: boolean; replicas: number; lease: number };
const { servers, file, count, ms, what, durable, replicas, lease } = options;
const work: Work<Task, Promise<unknown>> = { effect, exactlyOnce, waits }[what];
await run(async (scope) => {
  const cluster = openCluster({ servers, namespace: "test", size: 32, lease, durable: durable ? { replicas } : false, patience: 60_000 });
  try {
    const keys = Array.from({ length: count }, (_, n) => `key ${n}`);
    await scope.map(
      keys,
      async (key, own) => {
        await cluster.run(work, { file, key, ms }, own, { key });
        process.stdout.write(`${key}\n`);
      },
      { concurrency: 64 },
    );
  } finally {
    await cluster[Symbol.asyncDispose]();
  }
}).catch((error: unknown) => {
  process.stdout.write(`${String(error)}\n`);
  process.exitCode = 1;
});
