/** What JetStream is told to keep, and for how long. */
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { jetstreamManager } from "@nats-io/jetstream";
import { keepingOf } from "../../../src/executor/cluster/keeping.ts";
import { connectNats } from "../../../src/executor/cluster/nats/nats-transport.ts";
import { Subjects } from "../../../src/executor/cluster/subjects.ts";
import { missing, server } from "./nats.ts";

const YEAR = 365 * 24 * 3_600_000;

describe("what is kept of durable calls", { skip: missing }, () => {
  test("what is done is known for as long as was said: a year, or for ever", async () => {
    const nats = await server();
    const transport = await connectNats(nats.url, "test", 5_000);
    const { streams } = await jetstreamManager(transport.connection);
    const kept: unknown[] = [];
    for (const [namespace, remember] of [["shortly", 100], ["year", YEAR], ["most", 9e12], ["ever", Infinity]] as const) {
      const subjects = new Subjects(namespace);
      await transport.durable({ ...keepingOf({ remember })!, subjects });
      kept.push((await streams.info(subjects.kept("DONE"))).config.max_age);
    }
    assert.deepEqual(kept, [1e8, YEAR * 1e6, 9e18, 0]);
    await transport.close();
    await nats.kill();
  });
});
