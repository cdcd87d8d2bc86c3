/** A program that leaves pools open, and has nothing more to do. */
import { taskGroup } from "espalier";
import { cluster, openCluster } from "espalier/cluster";
import { inline, openInlinePool } from "espalier/executor";
import { openProcessPool, processes } from "espalier/processes";
import { openThreadPool, threads } from "espalier/threads";
import { add, echo } from "./works.ts";

const [executor, open] = { inline: [inline, openInlinePool] as const, threads: [threads, openThreadPool] as const, processes: [processes, openProcessPool] as const, cluster: [cluster, openCluster] as const }[process.argv[2] as "threads"];
const pool = open({ size: 1 });
const [sum, same] = await taskGroup((group) => Promise.all([executor.run(add, { a: 1, b: 2 }, group), pool.run(echo, 42, group)]));
console.log(sum, same);
