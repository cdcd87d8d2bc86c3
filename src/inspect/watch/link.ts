/** The end of the wire at who watches: a port of this machine that takes one program, the one that knows the token. */
import { randomBytes, timingSafeEqual } from "node:crypto";
import { createServer, type Server, type Socket } from "node:net";
import type { AddressInfo } from "node:net";
import type { Scope } from "../../task/capabilities.ts";
import { AttachError } from "../attach-error.ts";
import { Lines } from "./lines.ts";
import { type Batch, type Hello, isBatch, isHello, type Next } from "./wire.ts";

/** Who is told what the program tells, in order. After `closed` nothing comes. */
export interface Listener {
  hello(hello: Hello["hello"]): void;
  batch(batch: Batch): void;
  /** It exits with this code. */
  bye(code: number): void;
  /** The connection is gone; because of `failure`, if there is one. */
  closed(failure?: AttachError): void;
}

/** So long one that has connected may take to say the token. */
const TOKEN_MS = 5_000;
const LONGEST_TOKEN = 1_000;
/** Many times what a batch can have. */
const LONGEST_LINE = 2 ** 27;

export class Link {
  readonly token: string = randomBytes(24).toString("base64url");
  readonly #server: Server;
  readonly #listener: Listener;
  #socket: Socket | undefined;
  readonly #wanted: Set<number> = new Set();

  private constructor(server: Server, listener: Listener) {
    this.#server = server;
    this.#listener = listener;
    server.on("connection", (socket) => this.#meet(socket));
  }

  /** Listens while `body` runs. */
  static async during<T>(listener: Listener, scope: Scope, body: (link: Link) => Promise<T>): Promise<T> {
    scope.throwIfCancelled();
    const server = createServer();
    await new Promise<void>((resolve, reject) => {
      server.once("error", reject);
      server.listen(0, "127.0.0.1", resolve);
    });
    const link = new Link(server, listener);
    try {
      return await body(link);
    } finally {
      server.close();
      link.#socket?.destroy();
    }
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port;
  }

  /** Asks for the places of these with the next batch. */
  want(ids: readonly number[]): void {
    for (const id of ids) this.#wanted.add(id);
  }

  #meet(socket: Socket): void {
    // Whoever has not said the token says nothing that is kept.
    const reject = (): void => void socket.destroy();
    const impatience = setTimeout(reject, TOKEN_MS);
    socket.on("error", reject);
    socket.once("close", () => clearTimeout(impatience));
    let first = Buffer.alloc(0);
    const onData = (chunk: Buffer): void => {
      first = Buffer.concat([first, chunk]);
      const end = first.indexOf("\n");
      if (end === -1 ? first.length > LONGEST_TOKEN : !this.#isToken(first.subarray(0, end))) return reject();
      if (end === -1) return;
      clearTimeout(impatience);
      socket.off("data", onData);
      socket.pause();
      this.#accept(socket, first.subarray(end + 1));
    };
    socket.on("data", onData);
  }

  #isToken(bytes: Buffer): boolean {
    const token = Buffer.from(this.token);
    return this.#socket === undefined && bytes.length === token.length && timingSafeEqual(bytes, token);
  }

  #accept(socket: Socket, rest: Buffer): void {
    this.#socket = socket;
    this.#server.close();
    socket.setNoDelay(true);
    socket.once("close", () => this.#listener.closed());
    const lines = new Lines(LONGEST_LINE);
    const onData = (chunk: Buffer): void => {
      try {
        for (const line of lines.add(chunk)) this.#onLine(line);
      } catch (error) {
        socket.off("data", onData);
        this.#listener.closed(new AttachError(`The program told something that is not understood: ${String(error)}`, "Does it run another version of the library?"));
        socket.destroy();
      }
    };
    socket.on("data", onData);
    onData(rest);
    socket.resume();
  }

  #onLine(line: string): void {
    const told: unknown = JSON.parse(line);
    if (isBatch(told)) this.#listener.batch(told);
    else if (isHello(told)) this.#listener.hello(told.hello);
    else if (typeof (told as { bye?: unknown }).bye === "number") return this.#listener.bye((told as { bye: number }).bye);
    else throw new TypeError(line.slice(0, 80));
    const next: Next = { next: [...this.#wanted] };
    this.#wanted.clear();
    if (!this.#socket!.destroyed) this.#socket!.write(`${JSON.stringify(next)}\n`);
  }
}
