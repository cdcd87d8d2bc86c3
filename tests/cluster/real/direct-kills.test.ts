/** 1,000 works in direct mode, and kill -9 of whoever takes part, at random points: each call has an end, none runs twice, and no work outlives its caller. */
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { type Task, taskGroup } from "espalier";
import { openCluster, surveyCluster, WorkerDiedError } from "espalier/cluster";
import { until } from "../../executors/marks.ts";
import { random } from "../seeds.ts";
import { missing, server } from "./nats.ts";
import { Program, worker } from "./programs.ts";
import { Table } from "./table.ts";
import { echo, effect } from "./works.ts";

const COUNT = 1_000;

describe("works in direct mode on nats-server", { skip: missing }, () => {
  test("a worker is killed at random: what it had fails after the lease, all else succeeds, nothing runs twice", async () => {
    const pick = random(7);
    const nats = await server();
    const table = new Table();
    const workers = await Promise.all(Array.from({ length: 4 }, () => worker({ servers: nats.url, size: 1 })));
    const cluster = openCluster({ servers: nats.url, namespace: "test", size: 32, lease: 1_000, patience: 60_000 });
    let done = 0;
    await taskGroup(async (group) => {
      const tasks: Task<string>[] = [];
      for (let n = 0; n < COUNT; n++) {
        const key = `key ${n}`;
        tasks.push(
          group.spawn(async (scope) => {
            try {
              return await cluster.run(effect, { file: table.file, key, ms: 5 }, scope);
            } finally {
              done++;
            }
          }),
        );
      }
      // One stays.
      for (let kills = 0; kills < 3; kills++) {
        const next = 250 * kills + 1 + pick(200);
        await until(() => done >= next);
        await workers.pop()!.kill();
      }
      const outcomes = await Promise.all(tasks.map((task) => task.settled()));
      const runs = table.runs();
      for (const [n, outcome] of outcomes.entries()) {
        const times = runs.get(`key ${n}`) ?? 0;
        if (outcome.status === "succeeded") assert.equal(times, 1);
        else {
          assert.ok(outcome.status === "failed" && outcome.error instanceof WorkerDiedError && outcome.error.code === "WORKER_LOST", JSON.stringify(outcome));
          assert.ok(times <= 1, `key ${n} ran ${times} times`);
        }
      }
      const lost = outcomes.filter(({ status }) => status === "failed").length;
      assert.ok(lost >= 1 && lost <= 4 * 32, `${lost} were lost`);
    }, { onError: () => {} });
    await cluster.close();
    await Promise.all(workers.map((one) => one.end()));
    await nats.kill();
    table.close();
  });

  test("the caller is killed: its works are cancelled after its lease, and its workers have nothing left", async () => {
    const nats = await server();
    const table = new Table();
    const there = await worker({ servers: nats.url });
    const caller = new Program("caller-program", { servers: nats.url, file: table.file, count: 12, ms: 3_600_000, what: "waits", durable: false, replicas: 1, lease: 800 });
    const times = (how: string): number => [...table.runs().keys()].filter((key) => key.endsWith(how)).length;
    await until(() => times("began") === 12);
    await caller.kill();
    await until(() => times("cancelled") === 12);
    await taskGroup(async (group) => {
      const running = async (): Promise<number> => {
        const about = await surveyCluster({ servers: nats.url, namespace: "test", wait: 200 }, group);
        assert.equal(about.filter(({ kind }) => kind === "worker").length, 1);
        return about.flatMap(({ calls }) => calls).length;
      };
      while ((await running()) > 0);
    });
    await there.end();
    await nats.kill();
    table.close();
  });

  test("the server is killed, and comes back: calls succeed or are lost, nobody hangs, and the next ones run", async () => {
    const nats = await server();
    const table = new Table();
    const there = await worker({ servers: nats.url });
    const cluster = openCluster({ servers: nats.url, namespace: "test", size: 16, lease: 1_500, patience: 60_000 });
    await taskGroup(async (group) => {
      const settled: string[] = [];
      const tasks = Array.from({ length: 300 }, (_, n) =>
        group.spawn((scope) =>
          cluster.run(effect, { file: table.file, key: `key ${n}`, ms: 5 }, scope).then(
            () => settled.push("done"),
            (error: unknown) => settled.push(error instanceof WorkerDiedError ? error.code : String(error)),
          ),
        ),
      );
      await until(() => settled.length > 30);
      await nats.kill();
      await nats.start();
      for (const task of tasks) await task.join(group);
      assert.deepEqual([...new Set(settled)].filter((how) => how !== "done" && how !== "WORKER_LOST"), []);
      assert.ok(settled.filter((how) => how === "done").length > 200);
      for (const [key, times] of table.runs()) assert.equal(times, 1, key);
      assert.equal(await cluster.run(echo, "goes on", group), "goes on");
    });
    await cluster.close();
    await there.end();
    await nats.kill();
    table.close();
  });

  test("SIGTERM: a worker takes no more, ends what it has, and its callers miss nothing", async () => {
    const nats = await server();
    const table = new Table();
    const workers = await Promise.all(Array.from({ length: 3 }, () => worker({ servers: nats.url })));
    const cluster = openCluster({ servers: nats.url, namespace: "test", size: 32, lease: 2_000, patience: 60_000 });
    await taskGroup(async (group) => {
      let done = 0;
      const tasks = Array.from({ length: 400 }, (_, n) => group.spawn(async (scope) => {
        await cluster.run(effect, { file: table.file, key: `key ${n}`, ms: 5 }, scope);
        done++;
      }));
      const ends: Promise<number | string>[] = [];
      for (const next of [50, 200]) {
        await until(() => done >= next);
        ends.push(workers.pop()!.end());
      }
      assert.deepEqual(await Promise.all(ends), [143, 143]);
      for (const task of tasks) await task.join(group);
    });
    assert.deepEqual([...new Set(table.runs().values())], [1]);
    assert.equal(table.runs().size, 400);
    await cluster.close();
    await Promise.all(workers.map((one) => one.end()));
    await nats.kill();
    table.close();
  });
});
