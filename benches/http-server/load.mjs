/**
 * The clients of a server, as a process of their own: for each number on standard input, so many GETs over connections that are kept,
 * and a line when all are answered. It parses no more of the answers than it has to, so that the server is the slower side.
 */
import { connect } from "node:net";
import process from "node:process";
import { createInterface } from "node:readline";

const [port, connections] = process.argv.slice(2).map(Number);
const GET = Buffer.from("GET /orders/7 HTTP/1.1\r\nHost: localhost\r\nAccept: application/json\r\nUser-Agent: espalier-bench\r\nConnection: keep-alive\r\n\r\n");
/** Ends every answer, and is in no other place of it. */
const END = '"end"}';

let left = 0;
let unanswered = 0;
let done = () => {};
const sockets = await Promise.all(Array.from({ length: connections }, open));

function open() {
  return new Promise((resolve, reject) => {
    const socket = connect(port, "127.0.0.1", () => resolve(socket));
    let tail = "";
    socket.setNoDelay(true).setEncoding("latin1");
    socket.on("data", (chunk) => {
      tail += String(chunk);
      if (!tail.endsWith(END)) return;
      if (!tail.startsWith("HTTP/1.1 200")) throw new Error(`the server answered ${tail}`);
      tail = "";
      unanswered--;
      ask(socket);
      if (unanswered === 0) done();
    });
    socket.on("error", reject);
    socket.on("close", () => process.exit(0));
  });
}

function ask(socket) {
  if (left === 0) return;
  left--;
  unanswered++;
  socket.write(GET);
}

for await (const line of createInterface({ input: process.stdin })) {
  left = Number(line);
  await new Promise((resolve) => {
    done = resolve;
    for (const socket of sockets) ask(socket);
  });
  console.log("done");
}
process.exit(0);
