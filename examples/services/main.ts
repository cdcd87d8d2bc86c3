/**
 * A service that asks others: many items of a flaky catalogue over few connections, with a time limit for each attempt; two replicas of a
 * stock, the second when the first is slow; and one deadline for all, handed on to whoever is asked.
 *
 *   npx node --conditions=espalier:source examples/services/main.ts
 */
import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { moveOnAfter, type Scope, TimeoutError } from "espalier";
import { exponential, hedge, retry } from "espalier/flow";
import { downstream, HttpService, nodeHandler, nodeServer } from "espalier/http";
import { Agent, request } from "undici";
import { type Backends, until, withBackends } from "./backends.ts";

/** Four connections to each service, whoever asks: undici keeps the others waiting. */
const dispatcher = new Agent({ connections: 4 });

/** One attempt, with what is left of the time of `scope` and its signal. An attempt that is given up gives its connection back. */
async function get(url: string, scope: Scope): Promise<string> {
  const { statusCode, body } = await request(url, { ...downstream(scope), dispatcher });
  const text = await body.text();
  if (statusCode !== 200) throw new Error(`${statusCode} from ${url}`);
  return text;
}

/** Three attempts of at most 200 ms. */
const patience = exponential(5)
  .attempts(3)
  .when((error) => error instanceof TimeoutError);
const attempt = (url: string, scope: Scope): Promise<string> => retry((own) => own.failAfter(200, (limit) => get(url, limit)), patience, scope);

/** All of them, or the first failure, and then no request is left under way. Not more at a time than there are connections. */
const fetchAll = (urls: readonly string[], scope: Scope): Promise<string[]> => scope.map(urls, attempt, { concurrency: 4 });

function serviceOf({ catalogue, stock }: Backends): { service: HttpService; server: ReturnType<typeof createServer> } {
  const service = new HttpService({ deadline: 5_000 });
  const server = createServer(
    nodeHandler(service, async (_requested, response, group) => {
      const urls = Array.from({ length: 12 }, (_, index) => `${catalogue}/${index + 1}`);
      const [items, first] = await group.all([
        (scope) => fetchAll(urls, scope),
        (scope) => hedge(stock.map((url) => (own: Scope) => get(url, own)), { delay: 20 }, scope),
      ]);
      response.end(`${items.length} items, the last is ${items.at(-1)}; ${first}`);
    }),
  );
  return { service, server };
}

await withBackends(async (backends) => {
  const { service, server } = serviceOf(backends);
  const acceptor = nodeServer(server);
  // In a program: await run(async (scope) => …), and SIGTERM ends it.
  await moveOnAfter(Infinity, async (scope) => {
    await once(server.listen(0, "127.0.0.1"), "listening", scope);
    await scope.group(async (group) => {
      group.spawn((own) => service.serve(acceptor, own));
      const response = await fetch(`http://127.0.0.1:${(server.address() as AddressInfo).port}`, group);
      console.log(response.status, await response.text());
      await until(() => backends.givenUp() > 0, group);
      console.log(`${backends.givenUp()} slow replica was given up`);
      scope.cancel();
    });
  });
  console.log(`the service is ${service.statistics().state}`);
  await dispatcher.close();
});
