/** A client by bare sockets: so much of HTTP as this server needs, so that nobody is flattered by a slow client. */
import { connect, type Socket } from "node:net";
import { HttpError, type OpenPool } from "./pool.ts";

interface Asked {
  readonly address: string;
  readonly signal: AbortSignal | undefined;
  resolve(bytes: number): void;
  reject(error: unknown): void;
}

export const openRaw: OpenPool = (connections) => {
  const idle: Connection[] = [];
  const waiting: Asked[] = [];
  let open = 0;

  /** Whoever waited longest gets the connection that has come free. */
  function free(connection: Connection): void {
    const next = nextWaiting();
    if (next === undefined) idle.push(connection);
    else connection.ask(next);
  }
  function lost(): void {
    open--;
    const next = nextWaiting();
    if (next !== undefined) ask(next);
  }
  function nextWaiting(): Asked | undefined {
    for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
      if (next.signal?.aborted !== true) return next;
      next.reject(next.signal.reason);
    }
    return undefined;
  }
  function ask(asked: Asked): void {
    const connection = idle.pop();
    if (connection !== undefined) connection.ask(asked);
    else if (open === connections) waiting.push(asked);
    else {
      open++;
      new Connection(new URL(asked.address), free, lost).ask(asked);
    }
  }
  return {
    get: (address, signal) => new Promise((resolve, reject) => ask({ address, signal, resolve, reject })),
    close: () => {
      for (const connection of idle) connection.close();
    },
  };
};

const headEnd = Buffer.from("\r\n\r\n");

class Connection {
  readonly #socket: Socket;
  readonly #free: (connection: Connection) => void;
  #asked: Asked | undefined;
  #head: Buffer = Buffer.alloc(0);
  /** Of the body, what has not come yet; negative before its length is known. */
  #left = -1;
  #bytes = 0;
  #status = "";

  constructor({ hostname, port }: URL, free: (connection: Connection) => void, lost: () => void) {
    this.#free = free;
    this.#socket = connect(Number(port), hostname).setNoDelay(true);
    this.#socket.on("data", (chunk: Buffer) => this.#read(chunk));
    this.#socket.on("error", () => {});
    this.#socket.on("close", () => {
      this.#settle()?.reject(new Error("the connection was closed"));
      lost();
    });
  }

  ask(asked: Asked): void {
    this.#asked = asked;
    asked.signal?.addEventListener("abort", this.#onAbort);
    const { host, pathname } = new URL(asked.address);
    this.#socket.write(`GET ${pathname} HTTP/1.1\r\nHost: ${host}\r\n\r\n`, "latin1");
  }

  close(): void {
    this.#socket.destroy();
  }

  /** What was asked for cannot be taken back: the connection goes with it. */
  readonly #onAbort = (): void => {
    const asked = this.#settle();
    asked?.reject(asked.signal?.reason);
    this.#socket.destroy();
  };

  #settle(): Asked | undefined {
    const asked = this.#asked;
    this.#asked = undefined;
    asked?.signal?.removeEventListener("abort", this.#onAbort);
    return asked;
  }

  #read(chunk: Buffer): void {
    let body = chunk;
    if (this.#left < 0) {
      this.#head = this.#head.length === 0 ? chunk : Buffer.concat([this.#head, chunk]);
      const end = this.#head.indexOf(headEnd);
      if (end < 0) return;
      const head = this.#head.toString("latin1", 0, end);
      this.#status = head.slice(9, 12);
      this.#left = Number(/content-length: (\d+)/i.exec(head)?.[1]);
      body = this.#head.subarray(end + headEnd.length);
      this.#head = Buffer.alloc(0);
      this.#bytes = 0;
    }
    this.#left -= body.length;
    this.#bytes += body.length;
    if (this.#left > 0) return;
    this.#left = -1;
    const asked = this.#settle();
    if (this.#status === "200") asked?.resolve(this.#bytes);
    else asked?.reject(new HttpError(`GET ${asked.address} was answered with status ${this.#status}`));
    this.#free(this);
  }
}
