/**
 * Counts primes on a cluster: in parts, a few at a time, within a minute.
 *
 *   npx node --conditions=espalier:source examples/cluster/main.ts
 *
 * By itself it starts a private nats-server and a worker process, which end with it. On several machines, with a server of yours:
 *
 *   npx espalier worker --nats nats://host:4222 examples/cluster/works.ts      on each of them
 *   ESPALIER_NATS=nats://host:4222 npx node --conditions=espalier:source examples/cluster/main.ts
 */
import { run } from "espalier";
import { clusterPool } from "espalier/cluster";
import { countPrimes } from "./works.ts";

const BELOW = 200_000;
const PARTS = 20;

await run((scope) =>
  clusterPool(
    (cluster) =>
      scope.failAfter(60_000, async (limited) => {
        const parts = Array.from({ length: PARTS }, (_, part) => ({ from: (part * BELOW) / PARTS, to: ((part + 1) * BELOW) / PARTS }));
        const counts = await limited.map(parts, (part, own) => cluster.run(countPrimes, part, own), { concurrency: 8 });
        console.log(`${counts.reduce((sum, count) => sum + count)} primes below ${BELOW}, in ${PARTS} parts`);
      }),
    { namespace: "primes" },
  ),
);
