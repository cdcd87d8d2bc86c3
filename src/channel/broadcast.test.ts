/** `broadcast`: every subscriber sees every item, or what the policy for slow ones leaves of them. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { type Scope, sleep, taskGroup } from "espalier";
import { broadcast, ClosedError, type Receiver } from "espalier/channel";
import { explore } from "espalier/testing";
import { isA, same, scenario, thrownBy } from "../../tests/conformance/case.ts";

function drained<T>(receiver: Receiver<T>): T[] {
  const items: T[] = [];
  for (let item = receiver.tryReceive(); item !== undefined; item = receiver.tryReceive()) items.push(item.value);
  return items;
}

scenario("each receiver sees what was sent since it subscribed, in one order; its clones share it", async ({ clock }) => {
  const [sender, subscribe] = broadcast<number>(4);
  await taskGroup(
    async (group) => {
      await sender.send(0, group);
      const first = subscribe();
      await sender.send(1, group);
      const second = subscribe();
      const clone = second.clone();
      await sender.send(2, group);
      sender.trySend(3);
      assert.deepEqual(drained(first), [1, 2, 3]);
      assert.deepEqual([second.tryReceive(), clone.tryReceive(), second.tryReceive()], [{ value: 2 }, { value: 3 }, undefined]);
    },
    { clock },
  );
});

scenario('slow: "wait": send() waits until the slowest has room, in the order of the calls, and trySend() overtakes nobody', async ({ clock }) => {
  const [sender, subscribe] = broadcast<number>(1, { slow: "wait" });
  const [quick, slow] = [subscribe(), subscribe()];
  const log: unknown[] = [];
  await taskGroup(
    async (group) => {
      group.spawn(async (scope) => {
        for await (const item of quick.items(scope)) log.push(`quick ${item}`);
      });
      await sleep(1, group);
      assert.equal(sender.trySend(1), true);
      const sending = [2, 3].map((n) => group.spawn((scope) => sender.send(n, scope)));
      await sleep(1, group);
      assert.deepEqual(log, ["quick 1"]);
      assert.equal(sender.statistics().waitingSenders, 2);
      assert.deepEqual(slow.tryReceive(), { value: 1 });
      assert.equal(sender.trySend(9), false);
      await sending[0]!.join(group);
      slow.close();
      await sending[1]!.join(group);
      sender.close();
    },
    { clock },
  );
  assert.deepEqual(log, ["quick 1", "quick 2", "quick 3"]);
});

scenario('slow: "wait": a cancelled send() has sent to nobody', async ({ clock }) => {
  const [sender, subscribe] = broadcast<number>(1);
  const [full, empty] = [subscribe(), subscribe()];
  await taskGroup(
    async (group) => {
      sender.trySend(1);
      empty.tryReceive();
      await group.moveOnAfter(5, (own) => sender.send(2, own));
      assert.deepEqual(drained(empty), []);
      assert.deepEqual(drained(full), [1]);
      assert.equal(sender.trySend(3), true);
    },
    { clock },
  );
});

scenario('slow: "dropOldest": send() never waits, and the slow one loses its oldest, counted', async ({ clock }) => {
  const [sender, subscribe] = broadcast<number>(2, { slow: "dropOldest", name: "ticks" });
  const slow = subscribe();
  await taskGroup(
    async (group) => {
      for (const n of [1, 2, 3, 4]) await sender.send(n, group);
      assert.equal(slow.statistics().dropped, 2);
      assert.deepEqual(drained(slow), [3, 4]);
      const receiving = group.spawn((scope) => slow.receive(scope));
      assert.equal(sender.trySend(5), true);
      assert.equal(await receiving.join(group), 5);
    },
    { clock },
  );
  const none = { capacity: 2, buffered: 0, peak: 2, dropped: 2, senders: 1, receivers: 1, waitingSenders: 0, waitingReceivers: 0 };
  assert.deepEqual(sender.statistics(), none);
  assert.deepEqual(slow.statistics(), none);
});

scenario('slow: "fail": who falls behind gets what it has, then BROKEN; the others go on', async ({ clock }) => {
  const [sender, subscribe] = broadcast<number>(2, { slow: "fail" });
  const [slow, quick] = [subscribe(), subscribe()];
  await taskGroup(
    async (group) => {
      for (const n of [1, 2, 3]) {
        await sender.send(n, group);
        assert.deepEqual(quick.tryReceive(), { value: n });
      }
      assert.equal(await slow.receive(group), 1);
      assert.equal(await slow.receive(group), 2);
      for (const call of [slow.receive(group), slow.items(group).next()]) assert.equal(isA(await thrownBy(call), ClosedError).code, "BROKEN");
      assert.equal(sender.statistics().receivers, 1);
    },
    { clock },
  );
});

scenario("when all senders are closed, receivers get what they have left and then end, also those that come later", async ({ clock }) => {
  const [sender, subscribe] = broadcast<number>(2);
  const [idle, behind] = [subscribe(), subscribe()];
  await taskGroup(
    async (group) => {
      sender.trySend(1);
      idle.tryReceive();
      const clone = sender.clone();
      const waiting = group.spawn((scope) => thrownBy(idle.receive(scope)));
      sender.close();
      assert.equal(waiting.status, "running");
      clone.close();
      assert.equal(isA(await waiting.join(group), ClosedError).code, "ENDED");
      const items: number[] = [];
      for await (const item of behind.items(group)) items.push(item);
      assert.deepEqual(items, [1]);
      for await (const item of subscribe().items(group)) assert.fail(String(item));
    },
    { clock },
  );
});

scenario("closing a sender fails what waits with it, with CLOSED and the item", async ({ clock }) => {
  const [sender, subscribe] = broadcast<number>(1);
  subscribe();
  await taskGroup(
    async (group) => {
      sender.trySend(1);
      const waiting = group.spawn((scope) => thrownBy(sender.send(2, scope)));
      sender.close();
      const error = isA(await waiting.join(group), ClosedError);
      same([error.code, error.undelivered], ["CLOSED", 2]);
    },
    { clock },
  );
});

test("a capacity below 1 and an unknown policy are RangeErrors", () => {
  for (const capacity of [0, -1, 1.5, Number.NaN]) assert.throws(() => broadcast(capacity), RangeError);
  assert.throws(() => broadcast(1, { slow: "drop" as never }), RangeError);
  broadcast(Infinity, { slow: undefined, name: undefined });
});

test("all see the same items in the same order, in every order of events and with any task cancelled", async () => {
  await explore(
    async (group) => {
      const [sender, subscribe] = broadcast<string>(1);
      const [one, two] = [subscribe(), subscribe()];
      const seen: string[][] = [[], []];
      const sent: string[] = [];
      const reading = (receiver: Receiver<string>, into: string[]) => async (scope: Scope) => {
        for await (const item of receiver.items(scope)) into.push(item);
      };
      const sending = (item: string) => async (scope: Scope) => {
        await sender.send(item, scope);
        sent.push(item);
      };
      const readers = [group.spawn(reading(one, seen[0]!)), group.spawn(reading(two, seen[1]!))];
      const senders = ["a", "b", "c"].map((item) => group.spawn(sending(item)));
      // What a cancelled reader leaves is read for it, or the senders would wait for ever.
      const read = async (at: number, scope: Scope): Promise<void> => {
        await readers[at]!.settled(scope);
        await reading([one, two][at]!, seen[at]!)(scope);
      };
      const rest = [0, 1].map((at) => group.spawn((scope) => scope.shield((own) => read(at, own))));
      for (const task of senders) await task.settled(group);
      sender.close();
      for (const task of rest) await task.join(group);
      assert.deepEqual(seen[0]!.toSorted(), sent.toSorted());
      assert.deepEqual(seen[1]!.toSorted(), sent.toSorted());
      assert.equal(sender.statistics().waitingSenders, 0);
    },
    { faults: ["cancel"], schedules: 2_000, seeds: 200 },
  );
});
