/** `select`: exactly one of its cases is taken, in the stated order. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { CancelledError, moveOnAfter, type Scope, sleep, taskGroup } from "espalier";
import { broadcast, channel, ClosedError, select, type Selectable, sending } from "espalier/channel";
import { explore } from "espalier/testing";
import { isA, same, scenario, thrownBy } from "../../tests/conformance/case.ts";

scenario("select() takes the first in the list of those that are possible", async ({ clock }) => {
  const [sender, receiver] = channel<number>(2);
  const [otherSender, otherReceiver] = channel<string>(2);
  await taskGroup(
    async (group) => {
      sender.trySend(1);
      otherSender.trySend("a");
      assert.deepEqual(await select([receiver, otherReceiver], group), { index: 0, done: false, value: 1 });
      assert.deepEqual(await select([receiver, sending(sender, 2), otherReceiver], group), { index: 1, done: false, value: undefined });
      assert.deepEqual(await select([otherReceiver, receiver], group), { index: 0, done: false, value: "a" });
      assert.deepEqual(receiver.tryReceive(), { value: 2 });
    },
    { clock },
  );
});

scenario("select() waits for whichever becomes possible, and leaves no waiter elsewhere", async ({ clock }) => {
  const [sender, receiver] = channel<number>(0);
  const [otherSender, otherReceiver] = channel<string>(0);
  await taskGroup(
    async (group) => {
      const receiving = group.spawn((scope) => select([receiver, otherReceiver], scope));
      assert.equal(otherSender.trySend("came first"), true);
      assert.equal(sender.trySend(1), false);
      assert.deepEqual(await receiving.join(group), { index: 1, done: false, value: "came first" });

      const giving = group.spawn((scope) => select([sending(sender, 1), sending(otherSender, "b")], scope));
      assert.deepEqual(receiver.tryReceive(), { value: 1 });
      assert.equal(otherReceiver.tryReceive(), undefined);
      assert.equal((await giving.join(group)).index, 0);
      for (const end of [sender, otherSender]) assert.equal(end.statistics().waitingSenders + end.statistics().waitingReceivers, 0);
    },
    { clock },
  );
});

scenario("two calls of select() meet: one sends what the other receives", async ({ clock }) => {
  const [sender, receiver] = channel<string>(0);
  const [otherSender, otherReceiver] = channel<string>(0);
  await taskGroup(
    async (group) => {
      const one = group.spawn((scope) => select([receiver, sending(otherSender, "from one")], scope));
      const two = group.spawn((scope) => select([sending(sender, "from two"), otherReceiver], scope));
      assert.deepEqual(await one.join(group), { index: 0, done: false, value: "from two" });
      assert.equal((await two.join(group)).index, 0);
    },
    { clock },
  );
});

scenario("a select() that sends and receives in one channel does not serve itself", async ({ clock }) => {
  const [sender, receiver] = channel<string>(0);
  await taskGroup(
    async (group) => {
      const alone = group.spawn((scope) => select([receiver, sending(sender, "to myself")], scope));
      await sleep(10, group);
      assert.equal(alone.status, "running");
      assert.equal(await receiver.receive(group), "to myself");
      assert.equal((await alone.join(group)).index, 1);
    },
    { clock },
  );
});

scenario("select() gives the end of a channel as done, at once and while it waits", async ({ clock }) => {
  const [sender, receiver] = channel<string>(0);
  await taskGroup(
    async (group) => {
      const waiting = group.spawn((scope) => select([receiver], scope));
      sender.close();
      assert.deepEqual(await waiting.join(group), { index: 0, done: true, value: undefined });
      assert.deepEqual(await select([receiver], group), { index: 0, done: true, value: undefined });
    },
    { clock },
  );
});

scenario("select() fails with what its case would fail with, and leaves the others", async ({ clock }) => {
  const [sender, receiver] = channel<string>(0);
  const [otherSender, otherReceiver] = channel<string>(0);
  const broken = async (call: Promise<unknown>): Promise<unknown[]> => {
    const { code, undelivered } = isA(await thrownBy(call), ClosedError);
    return [code, undelivered];
  };
  await taskGroup(
    async (group) => {
      const waiting = group.spawn((scope) => broken(select([otherReceiver, sending(sender, "item")], scope)));
      receiver.close();
      same(await waiting.join(group), ["BROKEN", "item"]);
      assert.equal(otherSender.trySend("nobody waits"), false);
      same(await broken(select([otherReceiver, sending(sender, "item")], group)), ["BROKEN", "item"]);
      const own = group.spawn((scope) => broken(select([otherReceiver], scope)));
      otherReceiver.close();
      same(await own.join(group), ["CLOSED", undefined]);
    },
    { clock },
  );
});

scenario("select() takes the receivers of a broadcast, too, and fails as one that fell behind", async ({ clock }) => {
  const [sender, subscribe] = broadcast<number>(1, { slow: "fail" });
  const receiver = subscribe();
  await taskGroup(
    async (group) => {
      sender.trySend(1);
      sender.trySend(2);
      assert.deepEqual(await select([receiver], group), { index: 0, done: false, value: 1 });
      assert.equal(isA(await thrownBy(select([receiver], group)), ClosedError).code, "BROKEN");
    },
    { clock },
  );
});

scenario("what select() took is given though the scope is cancelled in the same turn (G8); cancelled before, it takes nothing", async ({ clock }) => {
  const [sender, receiver] = channel<string>(0);
  await taskGroup(
    async (group) => {
      const served = group.spawn((scope) => select([receiver], scope));
      assert.equal(sender.trySend("item"), true);
      served.cancel();
      assert.equal((await served.join(group)).value, "item");
      const cancelled = group.spawn((scope) => select([receiver, receiver], scope));
      cancelled.cancel();
      assert.equal(sender.trySend("nobody"), false);
      isA(await thrownBy(cancelled.join(group)), CancelledError);
    },
    { clock },
  );
  assert.equal(sender.statistics().waitingReceivers, 0);
});

scenario("select() refuses an empty list, and what is no case", async ({ clock }) => {
  await moveOnAfter(
    Infinity,
    async (scope) => {
      assert.equal(((await thrownBy(select([], scope))) as { code?: string }).code, "EMPTY");
      isA(await thrownBy(select([{ kind: "send" }], scope)), TypeError);
      isA(await thrownBy(select(undefined as never, scope)), TypeError);
      isA(await thrownBy(select([undefined as unknown as Selectable], scope)), TypeError);
    },
    { clock },
  );
});

test("exactly one case is taken, in every order and with any task cancelled", async () => {
  for (const capacity of [0, 1]) {
    await explore(
      async (group) => {
        const [a, fromA] = channel<string>(capacity);
        const [b, fromB] = channel<string>(capacity);
        const taken: unknown[] = [];
        const sent: unknown[] = [];
        const selecting = async (scope: Scope): Promise<void> => {
          const { value } = await select([fromA, fromB], scope);
          taken.push(value);
        };
        const giving = async (scope: Scope): Promise<void> => {
          const { index } = await select([sending(b, "b"), sending(a, "a")], scope);
          sent.push(index === 0 ? "b" : "a");
        };
        const sendingOne = async (scope: Scope): Promise<void> => {
          await a.send("A", scope);
          sent.push("A");
        };
        const tasks = [selecting, giving, sendingOne].map((task) => group.spawn(task));
        await group.checkpoint();
        for (const task of tasks) task.cancel();
        for (const task of tasks) await task.settled(group);
        const left = [fromA, fromB].flatMap((end) => end.tryReceive() ?? []).map(({ value }) => value);
        assert.deepEqual([...taken, ...left].toSorted(), sent.toSorted());
        for (const end of [a, b]) assert.equal(end.statistics().waitingSenders + end.statistics().waitingReceivers, 0);
      },
      { faults: ["cancel"], mostFaults: 2, schedules: 2_000, seeds: 100 },
    );
  }
});
