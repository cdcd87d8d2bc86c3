/** A worker of ours: `espalier.mjs SERVER`. */
import process from "node:process";
import { dist } from "../dist.mjs";

const { serveWorks } = /** @type {typeof import("../../../src/executor/cluster/index.ts")} */ (await import(dist("executor/cluster/index.js")));

const servers = process.argv[2];
const modules = [new URL("../works.mjs", import.meta.url)];
// `hold` is the lease of a call that is kept: as short as that of the callers, and of BullMQ.
await serveWorks({ servers, modules, threads: { size: 2, perWorker: 32 }, durable: { hold: 1_000 }, onReady: () => console.log("ready") }, new AbortController());
