/** A server of node:http, whose handler reads the path, looks an order up, and answers in JSON. Its clients are in another process, with all compilers. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { createServer } from "node:http";
import process from "node:process";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";

const items = process.env["BENCH_QUICK"] === "1" ? 50 : 4_000;
const connections = 32;
const clients = fileURLToPath(new URL("../../http-server/load.mjs", import.meta.url));

const orders = new Map(Array.from({ length: 100 }, (_, id) => [id, { id, customer: `customer ${id % 7}`, lines: [{ article: "an apple", price: 30, count: id }], last: "end" }]));

async function handle(/** @type {import("node:http").IncomingMessage} */ request, /** @type {import("node:http").ServerResponse} */ response) {
  const [, collection, id] = (request.url ?? "").split("/");
  const order = collection === "orders" ? orders.get(Number(id)) : undefined;
  await null;
  const body = JSON.stringify(order ?? { error: "there is no such order", last: "end" });
  response.writeHead(order === undefined ? 404 : 200, { "content-type": "application/json", "content-length": Buffer.byteLength(body) }).end(body);
}

export const ways = {
  async "node:http"() {
    const server = createServer((request, response) => void handle(request, response));
    server.listen(0, "127.0.0.1");
    await once(server, "listening");
    const { port } = /** @type {import("node:net").AddressInfo} */ (server.address());
    const load = spawn(process.execPath, [clients, `${port}`, `${connections}`], { stdio: ["pipe", "pipe", "inherit"] });
    const answers = createInterface({ input: load.stdout })[Symbol.asyncIterator]();
    return async () => {
      const began = performance.now();
      load.stdin.write(`${items}\n`);
      if ((await answers.next()).done === true) throw new Error("the clients ended without an answer");
      return ((performance.now() - began) * 1000) / items;
    };
  },
};
