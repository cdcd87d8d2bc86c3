/** A server of the test's own, on a port of the loopback that the system chooses. */
import { once } from "node:events";
import { createServer, type RequestListener } from "node:http";
import type { AddressInfo } from "node:net";

export interface Loopback extends AsyncDisposable {
  readonly url: string;
}

export async function loopback(listener: RequestListener): Promise<Loopback> {
  const server = createServer(listener).listen(0, "127.0.0.1");
  await once(server, "listening");
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`,
    async [Symbol.asyncDispose]() {
      const closed = once(server, "close");
      server.close();
      server.closeAllConnections();
      await closed;
    },
  };
}

/** Runs `use` with the address of a server, and ends the server with it. */
export async function withLoopback<T>(listener: RequestListener, use: (url: string) => Promise<T>): Promise<T> {
  const server = await loopback(listener);
  try {
    return await use(server.url);
  } finally {
    await server[Symbol.asyncDispose]();
  }
}
