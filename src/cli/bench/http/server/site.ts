/**
 * One web origin (a port of its own) that serves the 1 KB body and counts who comes.
 *
 * Every measurement gets a site of its own: its clients start without a connection, and its counts are nobody else's.
 * A site with a `failure` keeps every answer back until `release()`, except that of one request, which fails as soon
 * as `whenInFlight` requests are waiting:
 *
 *     gathering ── whenInFlight reached ──▶ failed ── release() ──▶ released: all held answers go out, later ones at once
 *
 * So what is slow is slow for as long as the driver wants, and the failure finds everybody at work.
 */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { connect, type AddressInfo, type Socket } from "node:net";
import { once } from "node:events";
import { setImmediate as nextTurn } from "node:timers/promises";
import { type Counts, Tally } from "./tally.ts";

/** The body of every answer: 1 KB. */
export const bodyBytes = 1024;

/** Which request fails (the `n` of `/item/n`), and how many requests must be waiting when it does. */
export interface Failure {
  readonly request: number;
  readonly whenInFlight: number;
}

export interface SitePlan {
  readonly failure?: Failure | undefined;
}

const body = Buffer.alloc(bodyBytes, "espalier ");
// The kernel shortens it where it must; the default of 511 would refuse some of 1,000 connections that come at once.
const backlog = 4096;

export class Site {
  readonly url: string;
  readonly #server: Server;
  readonly #port: number;
  readonly #failure: Failure | undefined;
  readonly #tally = new Tally();
  #failing: ServerResponse | undefined;
  #held: (() => void)[] = [];
  #released: boolean;
  #changed: (() => void)[] = [];
  #marker: { readonly socket: Socket; readonly accepted: () => void } | undefined;

  private constructor(server: Server, plan: SitePlan) {
    this.#server = server;
    this.#port = (server.address() as AddressInfo).port;
    this.url = `http://127.0.0.1:${this.#port}`;
    this.#failure = plan.failure;
    this.#released = plan.failure === undefined;
    server.on("connection", (socket) => this.#accept(socket));
    server.on("request", (request, response) => this.#serve(request, response));
  }

  static async open(plan: SitePlan = {}): Promise<Site> {
    // An idle connection must not be closed under a client that is about to use it.
    const server = createServer({ keepAliveTimeout: 0, requestTimeout: 0, headersTimeout: 0, connectionsCheckingInterval: 2 ** 30 });
    server.listen({ port: 0, host: "127.0.0.1", backlog });
    await once(server, "listening");
    return new Site(server, plan);
  }

  counts(): Counts {
    return this.#tally.counts();
  }

  /**
   * Lets every answer that is held, and every later one, go out. What clients did before they asked for it is seen
   * first: a connection that was closed then, and is only heard of in the same turn, must not be answered.
   */
  async release(): Promise<void> {
    for (let turn = 0; turn < 3; turn++) await nextTurn();
    this.#released = true;
    for (const answer of this.#held.splice(0)) answer();
  }

  /**
   * Waits until nothing more can come in: every connection that a client has made is accepted (the kernel hands them
   * over in order, so one of our own, made now, comes last) and no request is in flight. `drained`: the clients have
   * closed their connections, so wait until the last is gone too, with whatever it still carried.
   */
  async quiet(drained: boolean): Promise<void> {
    await this.#acceptedEverything();
    while (this.#tally.inFlight > 0 || (drained && this.#tally.openConnections > 0)) {
      await new Promise<void>((resolve) => this.#changed.push(resolve));
    }
  }

  async close(): Promise<void> {
    const closed = once(this.#server, "close");
    this.#server.close();
    this.#server.closeAllConnections();
    await closed;
  }

  async #acceptedEverything(): Promise<void> {
    const socket = connect({ port: this.#port, host: "127.0.0.1" });
    socket.on("error", () => {});
    await new Promise<void>((resolve) => {
      this.#marker = { socket, accepted: resolve };
    });
    this.#marker = undefined;
    socket.destroy();
  }

  #accept(socket: Socket): void {
    // The marker's own port is fixed before the kernel can hand it over, hence known here.
    if (this.#marker !== undefined && this.#marker.socket.localPort === socket.remotePort) {
      socket.destroy();
      this.#marker.accepted();
      return;
    }
    this.#tally.connectionOpened();
    socket.once("close", () => {
      this.#tally.connectionClosed();
      this.#wake();
    });
  }

  #serve(request: IncomingMessage, response: ServerResponse): void {
    this.#tally.requestStarted();
    const failure = this.#failure;
    if (failure !== undefined && request.url === `/item/${failure.request}`) {
      this.#failing = response;
    } else {
      this.#sibling(response);
    }
    if (failure !== undefined && this.#failing !== undefined && this.#tally.inFlight >= failure.whenInFlight) this.#fail(this.#failing);
  }

  #sibling(response: ServerResponse): void {
    response.once("close", () => {
      if (response.writableFinished) this.#tally.requestFinished();
      else this.#tally.requestAborted();
      this.#wake();
    });
    if (this.#released) answer(response);
    else this.#held.push(() => answer(response));
  }

  #fail(response: ServerResponse): void {
    this.#failing = undefined;
    this.#tally.failureSent();
    response.writeHead(500, { "content-type": "text/plain" }).end("the request that fails");
  }

  #wake(): void {
    for (const resolve of this.#changed.splice(0)) resolve();
  }
}

function answer(response: ServerResponse): void {
  if (response.destroyed) return;
  response.writeHead(200, { "content-type": "application/octet-stream", "content-length": bodyBytes }).end(body);
}
