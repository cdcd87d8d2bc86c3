/**
 * A server under load, as a way of a row: the server is in the way's process, its clients are in another. The amount is µs for each
 * request. All ways have the same handler, which waits once.
 */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import type { Server } from "node:http";
import type { AddressInfo } from "node:net";
import { createInterface } from "node:readline";
import { fileURLToPath, pathToFileURL } from "node:url";
import type * as Http from "../../src/interop/http/index.ts";
import { fileOf } from "../child.ts";
import { sleep, taskGroup } from "../espalier.ts";
import { interleave, quick } from "../measure.ts";
import { compare, type Figure, type Missing, type Row } from "../row.ts";
import { now, type Sample } from "../sample.ts";
import { atLeast, perSecond } from "../threads/workload.ts";

const connections = 32;
/** In a sample: about a quarter of a second. */
const items = 4_000;

const folder = process.env["ESPALIER_DIST"];
const entry = folder === undefined ? new URL("../../dist/interop/http/index.js", import.meta.url) : pathToFileURL(`${folder}/interop/http/index.js`);
const lack = existsSync(fileURLToPath(entry)) ? undefined : "espalier/http is not built";

export const { HttpService, fastifyHandler, nodeHandler, nodeServer } = (lack === undefined ? await import(entry.href) : {}) as typeof Http;

/** What every handler gives. */
export const order = { id: 7, item: "an order", last: "end" };

export async function sampleOf(server: Server): Promise<Sample> {
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  const load = spawn(process.execPath, [fileOf("load.mjs", import.meta.url), `${port}`, `${connections}`], { stdio: ["pipe", "pipe", "inherit"] });
  const answers = createInterface({ input: load.stdout })[Symbol.asyncIterator]();
  return async () => {
    // By this process's clock: with --clock cpu it is what the server computes, whatever else the machine does.
    const began = now();
    load.stdin.write(`${items}\n`);
    if ((await answers.next()).done === true) throw new Error("the clients ended without an answer");
    return ((now() - began) * 1000) / items;
  };
}

/** A server that a service serves: with its requests in the tree, and with what watches its connections. */
export async function served(service: Http.HttpService, server: Server): Promise<Sample> {
  const acceptor = nodeServer(server);
  void taskGroup((group) => service.serve(acceptor, group));
  await sleep(0, { signal: new AbortController().signal });
  return sampleOf(server);
}

/**
 * Each way has so many processes, one after the other: how fast one serves is decided in part when it is compiled and laid out, and stays
 * so, by a tenth up or down.
 */
const generations = quick ? 1 : 9;

async function measure<W extends string>(module: string, names: readonly W[]): Promise<Record<W, number[]>> {
  const amounts = Object.fromEntries(names.map((name): [string, number[]] => [name, []])) as Record<W, number[]>;
  for (let generation = 0; generation < generations; generation++) {
    const took = await interleave(module, names, { warmUps: 5, rounds: 7, fewest: 5, budget: 8_000 });
    for (const name of names) amounts[name].push(...took[name]);
  }
  return amounts;
}

/** A row of ways with a scope, each beside the bare handler: `bare` is the name of that way. */
export function rowOf(module: string, server: string, bare: string, scoped: Readonly<Record<string, { readonly reach?: number }>>): Row {
  return {
    async measure() {
      const what = `${server}, ${connections} connections, throughput`;
      if (lack !== undefined) return [{ what, missing: lack }];
      const took = await measure(module, [bare, ...Object.keys(scoped)]);
      return Object.entries(scoped).map(([way, { reach }]): Figure | Missing =>
        compare({ what, items, unit: "requests/s", reach: reach === undefined ? undefined : atLeast(reach) }, [way, took[way]!.map(perSecond)], [bare, took[bare]!.map(perSecond)]),
      );
    },
  };
}
