/**
 * A service with a page for Prometheus: how busy its limiter, its pool, its channel and its threads are. It is asked in the middle of some work, and prints
 * what it says.
 *
 *   npx node --conditions=espalier:source examples/metrics/main.ts
 */
import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { moveOnAfter, type Scope, taskGroup } from "espalier";
import { channel } from "espalier/channel";
import { CapacityLimiter, Event, ResourcePool } from "espalier/sync";
import { threadPool } from "espalier/threads";
import { Registry } from "prom-client";
import { addMetrics } from "./metrics.ts";
import { price } from "./works.ts";

const registry = new Registry();

/** Answers /metrics on loopback while `body` runs, which gets the address. */
async function withPage(scope: Scope, body: (address: string) => Promise<void>): Promise<void> {
  const server = createServer((_request, response) => {
    registry.metrics().then(
      (page) => response.setHeader("content-type", registry.contentType).end(page),
      (error: unknown) => response.writeHead(500).end(String(error)),
    );
  });
  try {
    await once(server.listen(0, "127.0.0.1"), "listening", scope);
    await body(`http://127.0.0.1:${(server.address() as AddressInfo).port}/metrics`);
  } finally {
    server.close().closeAllConnections();
  }
}

await threadPool(
  (threads) =>
    taskGroup(async (group) => {
      const limiter = new CapacityLimiter(3);
      const pool = new ResourcePool(group, { name: "database", create: () => ({}), max: 2 });
      const [sender, receiver] = channel<number>(10);
      addMetrics(registry, { limiter: { downstream: limiter }, pool: { database: pool }, channel: { orders: receiver }, executor: { threads } });

      // Five want to go downstream and three may, each with one of two connections.
      const leave = new Event();
      for (let n = 0; n < 5; n++) group.spawn((scope) => limiter.use(() => pool.use(() => leave.wait(scope), scope), scope));
      for (let n = 0; n < 4; n++) await sender.send(n, group);
      await group.allSettled([1, 2, 3, 0].map((items) => (scope) => threads.run(price, items, scope)));

      await withPage(group, async (address) => {
        const page = await moveOnAfter(10_000, async ({ signal }) => (await fetch(address, { signal })).text(), group);
        for (const line of (page ?? "no answer").split("\n")) if (!line.startsWith("#") && line !== "") console.log(line);
      });
      leave.set();
    }),
  { size: 1 },
);
