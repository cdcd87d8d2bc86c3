/** A cluster of three servers, of which one is killed. */
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { taskGroup } from "espalier";
import { ClusterError, openCluster } from "espalier/cluster";
import { missing, threeServers } from "./nats.ts";
import { Program, worker } from "./programs.ts";
import { Table } from "./table.ts";
import { effect } from "./works.ts";

describe("three servers that are one", { skip: missing }, () => {
  test("one is killed: durable calls lose nothing, direct ones go on by the others", async () => {
    const all = await threeServers();
    const servers = all.map(({ url }) => url).join(",");
    const table = new Table();
    // They have to find a leader first.
    await taskGroup(async (group) => {
      for (;;) {
        const probe = openCluster({ servers, namespace: "probe", durable: { replicas: 3 }, lease: 1_000 });
        const call = group.spawn((scope) => scope.moveOnAfter(2_000, (own) => probe.run(effect, { file: "", key: "", ms: 0 }, own), { fallback: "it is laid down" }).catch((error: unknown) => error));
        const result = await call.join(group);
        await probe[Symbol.asyncDispose]();
        if (result === "it is laid down") return;
        assert.ok(result instanceof Error && ((result as { cause?: unknown }).cause instanceof ClusterError || result instanceof ClusterError), String(result));
      }
    });
    const workers = await Promise.all([worker({ servers, replicas: 3 }), worker({ servers, replicas: 3 })]);
    const caller = new Program("caller-program", { servers, file: table.file, count: 400, ms: 10, what: "exactlyOnce", durable: true, replicas: 3, lease: 3_000 });
    await caller.said(50);
    await all[1]!.kill();
    assert.equal(await caller.ended, 0);
    assert.deepEqual([caller.lines.length, table.runs().size, table.balance], [400, 400, 400]);
    await taskGroup(async (group) => {
      const cluster = openCluster({ servers, namespace: "test", lease: 3_000 });
      assert.equal(await cluster.run(effect, { file: table.file, key: "direct", ms: 1 }, group), "direct");
      await cluster.close();
    });
    await Promise.all(workers.map((one) => one.end()));
    await Promise.all(all.map((one) => one.kill()));
    table.close();
  });
});
