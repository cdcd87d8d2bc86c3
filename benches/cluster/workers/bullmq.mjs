/** A worker of BullMQ: `bullmq.mjs PORT`. It says on standard output when a job begins that is not to end. */
import process from "node:process";
import { Worker } from "bullmq";
import { Redis } from "ioredis";

const connection = new Redis({ host: "127.0.0.1", port: Number(process.argv[2]), maxRetriesPerRequest: null });

/** @param {import("bullmq").Job} job */
async function run({ name, data }) {
  if (name === "noop") return data;
  console.log("began");
  return new Promise(() => {});
}

const worker = new Worker("bench", run, { connection, concurrency: 64, lockDuration: 1_000, stalledInterval: 1_000, maxStalledCount: 100, removeOnComplete: { count: 1_000 } });
await worker.waitUntilReady();
console.log("ready");
