/** A service of the framework that is named, as a program: it prints its port, answers everything slowly, and ends by a signal. */
import { isCancelled, run, sleep } from "espalier";
import { HttpService, nodeServer } from "espalier/http";
import type { AddressInfo } from "node:net";
import { frameworks, listen } from "../frameworks.ts";

const framework = frameworks.find(({ name }) => name === process.argv[2]);
if (framework === undefined) throw new Error(`there is no framework ${process.argv[2]}`);

const service = new HttpService({ deadline: 5_000, drain: Number(process.argv[3]) });
let answered = 0;
const server = await framework.start(service, {
  async answer(_path, group) {
    await sleep(5, group);
    answered++;
    return "answered";
  },
  failed() {},
});

process.on("exit", () => console.log(JSON.stringify({ answered, ...service.statistics() })));
await run(async (scope) => {
  const acceptor = nodeServer(server, { linger: 250 });
  await listen(server);
  console.log((server.address() as AddressInfo).port);
  await service.serve(acceptor, scope);
}).catch((error: unknown) => {
  if (!isCancelled(error)) throw error;
});
