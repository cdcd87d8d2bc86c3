/** 1,000 durable works, and kill -9 of whoever takes part, at random points: each has its effect, and what is done is done. */
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { random } from "../seeds.ts";
import { missing, server } from "./nats.ts";
import { Program, worker } from "./programs.ts";
import { Table } from "./table.ts";

const COUNT = 1_000;

describe("durable works on nats-server", { skip: missing }, () => {
  for (const [seed, what] of [[1, "effect"], [2, "exactlyOnce"]] as const) {
    test(`${what}: a worker, the caller and the server are killed at random, seed ${seed}`, { timeout: 900_000 }, async () => {
      const pick = random(seed);
      const nats = await server();
      const table = new Table();
      const options = { servers: nats.url, file: table.file, count: COUNT, ms: 5, what, durable: true, replicas: 1, lease: 1_500 };
      const workers = await Promise.all([worker({ servers: nats.url }), worker({ servers: nats.url })]);
      let caller = new Program("caller-program", options);
      const told = new Set<string>();
      const note = (): void => caller.lines.forEach((line) => told.add(line));
      for (let kills = 0; kills < 8; kills++) {
        await caller.said(caller.lines.length + 1 + pick(90));
        const at = pick(2);
        // All of them at least once.
        if (kills % 4 === 0) {
          note();
          await caller.kill();
          caller = new Program("caller-program", options);
        } else if (kills % 4 === 2) {
          await nats.kill();
          await nats.start();
        } else {
          await workers[at]!.kill();
          workers[at] = await worker({ servers: nats.url });
        }
      }
      assert.equal(await caller.ended, 0);
      note();
      assert.equal(told.size, COUNT);
      const before = table.runs();
      assert.equal(before.size, COUNT, "each has its effect at least once");
      if (what === "exactlyOnce") assert.equal(table.balance, COUNT, "and together with its key exactly once");
      // All of it once more: what is recorded as completed is not run again.
      const again = new Program("caller-program", options);
      assert.equal(await again.ended, 0);
      assert.equal(again.lines.length, COUNT);
      assert.deepEqual(table.runs(), before);
      await Promise.all(workers.map((one) => one.end()));
      await nats.kill();
      table.close();
    });
  }
});
