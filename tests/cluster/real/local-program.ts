/** A program with a cluster of its own: it says who its processes are, and waits to be killed. */
import { taskGroup } from "espalier";
import { openCluster } from "espalier/cluster";
import { waits, where } from "./local-works.ts";

const cluster = openCluster({ local: { size: 2 } });
await taskGroup(async (group) => {
  console.log(await cluster.run(where, undefined, group));
  await cluster.run(waits, { path: process.argv[2]!, ended: process.argv[3]! }, group);
});
