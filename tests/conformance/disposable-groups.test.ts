/**
 * The disposable form of a task group. In a file of its own: runtimes without the `await using` syntax cannot
 * even parse it.
 */
import assert from "node:assert/strict";
import { describe } from "node:test";
import { CancelledError, leaves, MisuseError, moveOnAfter, openTaskGroup, sleep, type Task, TaskGroupError } from "espalier";
import { gate, isA, quiet, same, scenario, thrownBy } from "./case.ts";

const E = new Error("E");
const F = new Error("F");

describe("L32: leaving the block", () => {
  scenario("L32: without join() cancels the tasks and waits for them", async ({ clock }) => {
    const log: string[] = [];
    const tasks: Task<void>[] = [];
    {
      await using group = openTaskGroup({ clock });
      tasks.push(
        group.spawn(async (scope) => {
          await sleep(1_000, scope).finally(quiet);
          log.push("a line that must not run");
        }),
      );
    }
    log.push("after the block");
    assert.deepEqual(log, ["after the block"]);
    assert.deepEqual(tasks.map(({ status }) => status), ["cancelled"]);
    assert.equal(clock.now(), 0);
  });

  scenario("L32: after join() the tasks have run to their end", async ({ clock }) => {
    const log: string[] = [];
    {
      await using group = openTaskGroup({ clock });
      group.spawn((scope) => sleep(100, scope).then(() => log.push("task")));
      await group.join();
      log.push("joined");
    }
    assert.deepEqual(log, ["task", "joined"]);
    assert.equal(clock.now(), 100);
  });

  scenario("L32: waits for a task that cannot be interrupted", async ({ clock }) => {
    const peer = gate();
    let left = false;
    const block = (async () => {
      await using group = openTaskGroup({ clock });
      group.spawn(() => peer.promise);
    })().then(() => (left = true));
    await quiet();
    assert.equal(left, false);
    peer.open();
    await block;
  });

  scenario("L32: the group has ended then", async () => {
    const kept: ReturnType<typeof openTaskGroup>[] = [];
    {
      await using group = openTaskGroup();
      kept.push(group);
    }
    const error = await thrownBy(() => kept[0]!.spawn(() => assert.fail("called")));
    assert.equal(isA(error, MisuseError).code, "SCOPE_ENDED");
  });
});

describe("failures of a disposable group", () => {
  scenario("join() rejects with what taskGroup would throw, and leaving the block does not throw it again", async ({ clock }) => {
    const error = await thrownBy(async () => {
      await using group = openTaskGroup({ clock });
      group.spawn((scope) => sleep(10, scope).then(() => Promise.reject(E)));
      await group.join();
    });
    same(isA(error, TaskGroupError).errors, [E]);
  });

  scenario("a block that fails cancels the tasks and throws its own error", async ({ clock }) => {
    const tasks: Task<void>[] = [];
    const error = await thrownBy(async () => {
      await using group = openTaskGroup({ clock });
      tasks.push(group.spawn((scope) => sleep(1_000, scope)));
      throw E;
    });
    assert.equal(error, E);
    assert.equal(tasks[0]?.status, "cancelled");
  });

  scenario("where block and tasks fail, the language's SuppressedError has both, and leaves() looks through", async ({ clock }) => {
    const error = await thrownBy(async () => {
      await using group = openTaskGroup({ clock });
      group.spawn(async (scope) => {
        await sleep(1_000, scope).catch(() => {
          throw F;
        });
      });
      throw E;
    });
    isA(error, SuppressedError);
    same(leaves(error), [E, F]);
  });

  scenario('a task that fails interrupts the block with source "sibling", and its error comes beside', async ({ clock }) => {
    const error = await thrownBy(async () => {
      await using group = openTaskGroup({ clock });
      group.spawn((scope) => sleep(10, scope).then(() => Promise.reject(E)), { name: "culprit" });
      await sleep(1_000, group);
    });
    const [interruption, failure] = leaves(error);
    const { source, by, reason } = isA(interruption, CancelledError);
    assert.deepEqual({ source, by }, { source: "sibling", by: "culprit" });
    same([reason, failure], [E, E]);
  });

  scenario('errors: "first" gives the first failure itself', async ({ clock }) => {
    const error = await thrownBy(async () => {
      await using group = openTaskGroup({ clock, errors: "first" });
      group.spawn(() => Promise.reject(E));
      await group.join();
    });
    assert.equal(error, E);
  });
});

describe("the place of a disposable group", () => {
  scenario("as the child of a scope it obeys it, and what interrupted it goes on to that scope", async ({ clock }) => {
    const tasks: Task<void>[] = [];
    const value = await moveOnAfter(
      50,
      async (scope) => {
        await using group = openTaskGroup(scope);
        tasks.push(group.spawn((own) => sleep(1_000, own)));
        assert.equal(group.deadline, 50);
        await group.join();
        return "joined";
      },
      { clock, fallback: "fallback" },
    );
    assert.equal(value, "fallback");
    assert.equal(tasks[0]?.status, "cancelled");
    assert.equal(clock.now(), 50);
  });

  scenario("with a signal from outside it leaves no listener on it", async ({ clock, outside }) => {
    const client = outside();
    {
      await using group = openTaskGroup({ clock, signal: client.signal });
      group.spawn((scope) => sleep(10, scope));
      await group.join();
    }
    assert.equal(client.added, 1);
  });

  scenario("it is a TaskGroup: it can be cancelled, given a deadline, and asked", async ({ clock }) => {
    {
      await using group = openTaskGroup({ clock, name: "block" });
      assert.equal(group.name, "block");
      group.reschedule(20);
      assert.equal(group.deadline, 20);
      group.spawn((scope) => sleep(1_000, scope));
      assert.equal(group.size, 1);
      assert.equal(isA(await thrownBy(sleep(1_000, group)), CancelledError).source, "deadline");
    }
    assert.equal(clock.now(), 20);
  });
});
