/** The services that the example asks: a catalogue that is flaky, and two replicas of a stock, one of which is slow. */
import { once } from "node:events";
import { createServer, type RequestListener, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import type { Scope } from "espalier";

export interface Backends {
  readonly catalogue: string;
  readonly stock: readonly string[];
  /** How many requests for the stock were given up by whoever asked. */
  readonly givenUp: () => number;
}

/** Runs them while `body` does. */
export async function withBackends(body: (backends: Backends) => Promise<void>): Promise<void> {
  const asked = new Set<string>();
  let givenUp = 0;
  const catalogue = createServer(({ url = "" }, response) => {
    // Every third item: the first time there is no answer at all.
    const isFirst = !asked.has(url) && asked.add(url).size > 0;
    if (isFirst && Number(url.slice(1)) % 3 === 0) return;
    setImmediate(() => response.end(`item ${url.slice(1)}`));
  });
  const slow: RequestListener = (_request, response) => void response.on("close", () => givenUp++);
  const quick: RequestListener = (_request, response) => void response.end("12 in stock");
  const servers = [catalogue, createServer(slow), createServer(quick)];
  try {
    const [first, ...stock] = await Promise.all(servers.map(listen));
    await body({ catalogue: first!, stock, givenUp: () => givenUp });
  } finally {
    for (const server of servers) server.close().closeAllConnections();
  }
}

async function listen(server: Server): Promise<string> {
  await once(server.listen(0, "127.0.0.1"), "listening");
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

/** Waits until `done` says so; for what the other side of a connection learns a moment later. */
export async function until(done: () => boolean, scope: Scope): Promise<void> {
  while (!done()) await scope.wait(new Promise((resolve) => setImmediate(resolve)));
}
