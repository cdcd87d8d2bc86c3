/** A connection that speaks HTTP by hand, to see what becomes of the connection itself. */
import { once } from "node:events";
import { connect } from "node:net";
import { gate } from "../conformance/case.ts";

export interface Connection {
  send(text: string): void;
  /** Waits until so much of what came matches; fails when the connection ends before. */
  read(pattern: RegExp): Promise<string>;
  /** Settles when the connection is over: with "end" when the server ended it in order, "reset" when it cut it. */
  readonly over: Promise<"end" | "reset">;
  close(): void;
}

export async function connection(origin: string): Promise<Connection> {
  const { hostname, port } = new URL(origin);
  const socket = connect(Number(port), hostname);
  await once(socket, "connect");
  const over = gate<"end" | "reset">();
  let text = "";
  socket.setEncoding("utf8").on("data", (chunk: string) => (text += chunk));
  socket.on("end", () => over.open("end")).on("error", () => over.open("reset"));
  return {
    send: (content) => void socket.write(content),
    async read(pattern) {
      while (!pattern.test(text)) {
        if (socket.readableEnded || socket.destroyed) throw new Error(`the connection ended after ${JSON.stringify(text)}`);
        await Promise.race([once(socket, "data"), over.promise]);
      }
      return text;
    },
    over: over.promise,
    close: () => void socket.destroy(),
  };
}

export const GET = (path: string): string => `GET ${path} HTTP/1.1\r\nHost: localhost\r\n\r\n`;
