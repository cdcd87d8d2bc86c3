/** Bug 5, of a pool that is not ours: the body of an answer is never read, so its connection is never free again. Run with ESPALIER_DEBUG=1. */
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { type Scope, taskGroup } from "espalier";
import { configureDebug, onReport, reportText, watchPool } from "espalier/debug";
import { Agent, request } from "undici";

const server = createServer((_, response) => response.end("x".repeat(1_000_000))).listen(0, "127.0.0.1");
await new Promise((resolve) => server.once("listening", resolve));
const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;

const dispatcher = new Agent({ connections: 1 });
watchPool(dispatcher, { name: "shop" });
configureDebug({ exhausted: 50 });

const isOpen = async ({ signal }: Scope) => {
  const { statusCode } = await request(url, { dispatcher, signal });
  return statusCode === 200;
};

onReport((report) => {
  console.error(reportText(report));
  void dispatcher.destroy();
});

await taskGroup(
  async (group) => {
    const first = group.spawn(isOpen, { name: "first look" });
    await first.join(group);
    group.spawn(isOpen, { name: "second look" });
  },
  { name: "monitor", onError: (error) => console.log(String(error)) },
);
server.close();
