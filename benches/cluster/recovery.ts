/**
 * What becomes of a call whose worker is killed with SIGKILL: how long until somebody else has begun it, or until the caller is told that it is lost. All
 * hear of a loss by silence, so the time that silence may last is the same for all: 1 s. (By default it is 10 s here, and 30 s with BullMQ.)
 */
import { createInterface } from "node:readline";
import { interleave } from "../measure.ts";
import { missing, versioned } from "../rival.ts";
import { compare, type Finding, type Row } from "../row.ts";
import type { Sample, Ways } from "../sample.ts";
import { taskGroup } from "../espalier.ts";
import { median } from "../ratio.ts";
import { LEASE_MS, openBull, openCluster } from "./callers.ts";
import { kill, lacks, natsServer, type Program, worker } from "./servers.ts";
import { began, noop, waits } from "./works.mjs";

/** Two workers; the one that a call comes to is killed, and another one takes its place. */
const ours = (durable: boolean) => async (): Promise<Sample> => {
  const servers = await natsServer();
  const workers = await Promise.all([worker("espalier", servers), worker("espalier", servers)]);
  const cluster = await openCluster(servers, durable);
  await taskGroup((group) => cluster.run(noop, 0, group));
  return async () => {
    let killedAt = 0;
    let killed!: Program;
    const arrived = (pid: number): boolean => {
      if (killedAt !== 0) return true;
      killed = workers.find((one) => one.pid === pid)!;
      killed.kill("SIGKILL");
      killedAt = performance.now();
      return false;
    };
    await taskGroup((group) => cluster.run(waits, 0, group, { offers: [began.by(arrived)] })).catch((error: unknown) => {
      if (durable) throw error;
    });
    const took = performance.now() - killedAt;
    workers[workers.indexOf(killed)] = await worker("espalier", servers);
    return took;
  };
};

async function bullmq(): Promise<Sample> {
  const { port, queue } = await openBull();
  let onBegin: (one: Program) => void = () => {};
  const started = async (): Promise<Program> => {
    const one = await worker("bullmq", port);
    createInterface({ input: one.stdout }).on("line", () => onBegin(one));
    return one;
  };
  const workers = [await started(), await started()];
  return async () => {
    const first = new Promise<Program>((resolve) => (onBegin = resolve));
    await queue.add("waits", 0);
    const killed = await first;
    const second = new Promise<Program>((resolve) => (onBegin = resolve));
    killed.kill("SIGKILL");
    const killedAt = performance.now();
    const last = await second;
    const took = performance.now() - killedAt;
    onBegin = () => {};
    // The next sample begins with none of it.
    await kill(last);
    await queue.obliterate({ force: true });
    workers.splice(0, 2, await started(), await started());
    return took;
  };
}

export const ways = { "durable": ours(true), "direct": ours(false), "BullMQ": bullmq } satisfies Ways;

export const row: Row = {
  async measure() {
    const noNats = lacks("nats-server");
    if (noNats !== undefined) return [{ what: "a worker is killed", missing: noNats }];
    const noBull = lacks("redis-server") ?? missing("bullmq");
    const names = ["durable", "direct", ...(noBull === undefined ? ["BullMQ"] : [])];
    const took = await interleave(import.meta.url, names, { warmUps: 0, rounds: 9, fewest: 3, budget: 60_000 });
    const about = { items: undefined, unit: "ms", reach: undefined } as const;
    const [rerun, told] = ["a worker is killed: until another one has begun its call", "a worker is killed: until its caller is told"];
    const direct: Finding = { ...about, what: told, ours: { name: "espalier, direct", value: median(took["direct"]!) }, beside: { name: "its lease", value: LEASE_MS } };
    return [noBull === undefined ? compare({ ...about, what: rerun }, ["espalier, durable", took["durable"]!], [versioned("bullmq"), took["BullMQ"]!]) : { what: rerun, missing: noBull }, direct];
  },
};
