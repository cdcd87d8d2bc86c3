/** A network that is cut between a caller and a worker, and heals. */
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { until } from "../../executors/marks.ts";
import { missing as noServer, Server } from "./nats.ts";
import { missing as noNetworks, Wire } from "./namespaces.ts";
import { Program, worker } from "./programs.ts";
import { Table } from "./table.ts";

const skip = noServer === false ? noNetworks : noServer;

describe("a network that is cut", { skip }, () => {
  test("direct: the works are cancelled on one side, the calls given up on the other; when it heals, calls run there again", async () => {
    const wire = new Wire();
    const nats = await new Server("direct-cut", 4_222, "", wire.address, wire.here).start();
    const table = new Table();
    const there = await worker({ servers: nats.url }, wire.there);
    const options = { servers: nats.url, file: table.file, durable: false, replicas: 1, lease: 1_500 };
    const caller = new Program("caller-program", { ...options, count: 8, ms: 3_600_000, what: "waits" }, [...wire.here]);
    const times = (how: string): number => [...table.runs().keys()].filter((key) => key.endsWith(how)).length;
    await until(() => times("began") === 8);
    wire.cut();
    assert.equal(await caller.ended, 1, "its calls are lost");
    await until(() => times("cancelled") === 8);
    wire.heal();
    const next = new Program("caller-program", { ...options, count: 20, ms: 1, what: "effect" }, [...wire.here]);
    assert.equal(await next.ended, 0);
    assert.equal(next.lines.length, 20);
    await there.end();
    await nats.kill();
    table.close();
    wire.remove();
  });

  test("durable: what the worker on the other side had is done on this one, and nothing is lost", async () => {
    const wire = new Wire();
    const nats = await new Server("durable-cut", 4_222, "", wire.address, wire.here).start();
    const table = new Table();
    const [there, here] = await Promise.all([worker({ servers: nats.url }, wire.there), worker({ servers: nats.url }, wire.here)]);
    const caller = new Program("caller-program", { servers: nats.url, file: table.file, count: 600, ms: 20, what: "exactlyOnce", durable: true, replicas: 1, lease: 1_500 }, [...wire.here]);
    await caller.said(40);
    wire.cut();
    await caller.said(300);
    wire.heal();
    assert.equal(await caller.ended, 0);
    assert.deepEqual([caller.lines.length, table.runs().size, table.balance], [600, 600, 600]);
    await Promise.all([there.end(), here.end()]);
    await nats.kill();
    table.close();
    wire.remove();
  });
});
