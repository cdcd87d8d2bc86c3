/** What accepts the requests of a service, as the end of the service needs it. */
import type { Scope } from "../../index.ts";
import { needMs } from "./route.ts";

/**
 * What takes in the connections of a service: {@link nodeServer} makes one of a server of Node.js. Of others it is two lines:
 * `{ stop: () => server.shutdown(), close() {} }` for `Deno.serve`, `{ stop: () => server.stop(), close: () => server.stop(true) }` for
 * `Bun.serve`.
 */
export interface Acceptor {
  /** Accepts no more connections and leaves those that there are, where the server can do the one without the other. */
  refuse?(scope: Scope): unknown;
  /** Accepts no more connections; settles when none is left. `scope` is cancelled when nobody waits for that any more. */
  stop(scope: Scope): unknown;
  /** Cuts the connections that are left. */
  close(scope: Scope): unknown;
}

interface NodeSocket {
  readonly bytesRead: number;
  readonly destroyed: boolean;
  on(event: "close", listener: () => void): unknown;
  destroy(): unknown;
}

/** A server of `node:http` or `node:https`, or what is made of them: `app.listen()` of Express and Koa, `app.server` of Fastify. */
export interface NodeServer {
  close(callback: () => void): unknown;
  closeIdleConnections?(): void;
  closeAllConnections?(): void;
  // oxlint-disable-next-line typescript/no-explicit-any -- whatever the server's own listeners take
  on(event: string, listener: (...args: any[]) => void): unknown;
  // oxlint-disable-next-line typescript/no-explicit-any -- whatever the server's own listeners take
  prependListener(event: string, listener: (...args: any[]) => void): unknown;
  // oxlint-disable-next-line typescript/no-explicit-any -- whatever the server's own listeners take
  off(event: string, listener: (...args: any[]) => void): unknown;
}

/** How a server of Node.js is stopped. */
export interface NodeServerOptions {
  /**
   * How long connections without a request are kept at the end, in ms: by default 250. A client that does not know yet may just have
   * sent one. It is answered, and told that the connection ends.
   */
  readonly linger?: number | undefined;
}

/**
 * In each turn of the loop a server takes in the connections that wait at its door, and right after that is the moment to close it: what
 * comes between the two finds a door, and nobody behind it. The first turn may be over where it is asked for.
 */
const TURNS = 2;
/** For what has been cut to be told of; a connection that came before the acceptor is not known to it, and may have been upgraded. */
const LAST_MS = 100;

/**
 * A server of Node.js as the acceptor of a service. Call it before the server listens, or at once.
 *
 * At the end it takes in the connections that wait already, and no other. Each answer says `Connection: close`; a connection without a
 * request is closed after `linger` ms. Routes that the service does not handle are waited for as well, and so are connections that were
 * upgraded (WebSockets): whoever has them should end them with the scope. What is left when the service gives up is cut.
 *
 * @example
 * ```ts
 * import { once } from "node:events";
 * import { createServer } from "node:http";
 * import { moveOnAfter } from "espalier";
 * import { HttpService, nodeHandler, nodeServer } from "espalier/http";
 *
 * const service = new HttpService({ deadline: 5_000 });
 * const server = createServer(nodeHandler(service, (_request, response) => response.end("hello")));
 * await moveOnAfter(50, async (scope) => { // in a program: await run(async (scope) => {
 *   const acceptor = nodeServer(server);
 *   await once(server.listen(0, "127.0.0.1"), "listening", scope);
 *   await service.serve(acceptor, scope);
 * });
 * console.log(server.listening, service.statistics().state); // false closed
 * ```
 */
export function nodeServer(server: NodeServer, options?: NodeServerOptions | undefined): Acceptor {
  const linger = Math.max(needMs(options?.linger ?? 250, "linger"), 1);
  const sockets = new Set<NodeSocket>();
  const connected = (socket: NodeSocket): void => {
    sockets.add(socket);
    socket.on("close", () => sockets.delete(socket));
  };
  server.on("connection", connected);
  let closed: Promise<void> | undefined;
  const stopOnce = (): Promise<void> => (closed ??= new Promise((resolve) => stopListening(server, resolve)));
  return {
    async refuse(scope) {
      for (let turn = 0; turn < TURNS; turn++) await scope.wait(new Promise((resolve) => setImmediate(resolve)));
      void stopOnce();
      // Before the listener of the program, which may answer at once.
      server.prependListener("request", lastOne);
    },
    async stop(scope) {
      let isClosed = false;
      void stopOnce().then(() => (isClosed = true));
      while (!isClosed) {
        await scope.moveOnAfter(linger, (limit) => limit.wait(stopOnce()));
        server.closeIdleConnections?.();
        // Those that never had one are idle to newer Node.js only.
        for (const socket of sockets) if (socket.bytesRead === 0) socket.destroy();
      }
    },
    async close(scope) {
      const end = stopOnce();
      server.closeAllConnections?.();
      for (const socket of sockets) socket.destroy();
      await scope.moveOnAfter(LAST_MS, (limit) => limit.wait(end));
      server.off("request", lastOne);
      server.off("connection", connected);
    },
  };
}

/** `server.close()` without what it does to connections on which nothing is under way: a request may be on its way on them. */
function stopListening(server: NodeServer, closed: () => void): void {
  const own = Object.getOwnPropertyDescriptor(server, "closeIdleConnections");
  server.closeIdleConnections = () => {};
  try {
    server.close(closed);
  } finally {
    if (own === undefined) delete server.closeIdleConnections;
    else Object.defineProperty(server, "closeIdleConnections", own);
  }
}

function lastOne(request: { readonly httpVersionMajor: number }, response: { readonly headersSent: boolean; setHeader(name: string, value: string): unknown }): void {
  if (request.httpVersionMajor < 2 && !response.headersSent) response.setHeader("Connection", "close");
}
