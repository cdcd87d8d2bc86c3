/** Cases of topic M: channels whose users are cancelled, items of any kind, and what can be seen from outside. */
import assert from "node:assert/strict";
import { describe } from "node:test";
import { CancelledError, type CancelScope, moveOnAfter, type Scope, sleep, TaskGroupError, taskGroup } from "espalier";
import { broadcast, channel, ClosedError, latest, type Receiver, select, sending, WorkQueue } from "espalier/channel";
import { assertCheckpoints, DeadlockError, type TestClock } from "espalier/testing";
import { isA, scenario, thrownBy } from "./case.ts";

/** What a call throws, at once or by its promise. */
async function closedBy(call: () => unknown): Promise<ClosedError> {
  return isA(await thrownBy((async () => call())()), ClosedError);
}

const inScope = <T>(clock: TestClock, body: (scope: CancelScope) => T | PromiseLike<T>): Promise<unknown> => moveOnAfter(Infinity, body, { clock });

describe("M13: an item that was handed over stays so, though its receiver is cancelled in the same turn (G8)", () => {
  for (const capacity of [0, 1]) {
    scenario(`M13: capacity ${capacity}`, async ({ clock }) => {
      const [sender, receiver] = channel<string>(capacity);
      await taskGroup(
        async (group) => {
          const receiving = group.spawn((scope) => receiver.receive(scope));
          await sleep(10, group);
          assert.equal(sender.trySend("item"), true);
          receiving.cancel();
          assert.equal(await receiving.join(group), "item");
        },
        { clock },
      );
    });
  }
});

scenario("M14: an item that is sent after a receiver was cancelled, in the same turn, is there for the next one", async ({ clock }) => {
  const [sender, receiver] = channel<string>(1);
  await taskGroup(
    async (group) => {
      const receiving = group.spawn((scope) => receiver.receive(scope));
      await sleep(10, group);
      receiving.cancel();
      assert.equal(sender.trySend("item"), true);
      assert.equal((await receiving.settled(group)).status, "cancelled");
      assert.deepEqual(receiver.tryReceive(), { value: "item" });
    },
    { clock },
  );
});

scenario("M15: a receive that was cancelled is no waiter any more", async ({ clock }) => {
  const [rendezvous, meeting] = channel<string>(0);
  const [sender, receiver] = channel<string>(1);
  await inScope(clock, async (scope) => {
    for (const end of [meeting, receiver]) await scope.moveOnAfter(5, (own) => end.receive(own));
    assert.equal(rendezvous.trySend("nobody is there"), false);
    await sender.send("into the buffer", scope);
    assert.equal(clock.now(), 10);
  });
});

scenario("M16: a send that was cancelled leaves no item, though it is cancelled in the turn of the receive", async ({ clock }) => {
  const [sender, receiver] = channel<string>(0);
  await taskGroup(
    async (group) => {
      await group.moveOnAfter(5, (own) => sender.send("too late", own));
      assert.equal(receiver.tryReceive(), undefined);
      const sending = group.spawn((scope) => sender.send("cancelled", scope));
      await sleep(5, group);
      sending.cancel();
      assert.equal(receiver.tryReceive(), undefined);
      assert.equal((await sending.settled(group)).status, "cancelled");
    },
    { clock },
  );
});

scenario("M17: undefined, null, false and 0 are items, also those that were not delivered", async ({ clock }) => {
  const items = [undefined, null, false, 0];
  const [sender, receiver] = channel<unknown>(4);
  for (const item of items) assert.equal(sender.trySend(item), true);
  for (const value of items) assert.deepEqual(receiver.tryReceive(), { value });
  await taskGroup(
    async (group) => {
      const receiving = group.spawn((scope) => receiver.receive(scope));
      sender.trySend(undefined);
      assert.equal(await receiving.join(group), undefined);
      receiver.close();
      for (const item of items) {
        const error = await closedBy(() => sender.send(item, group));
        assert.ok("undelivered" in error);
        assert.equal(error.undelivered, item);
      }
    },
    { clock },
  );
});

scenario("M18: statistics() tells the buffer, its peak, the open ends and who waits; who was cancelled does not count", async ({ clock }) => {
  const [sender, receiver] = channel<number>(2);
  const none = { capacity: 2, buffered: 0, peak: 0, dropped: 0, senders: 1, receivers: 1, waitingSenders: 0, waitingReceivers: 0 };
  assert.deepEqual(sender.statistics(), none);
  await taskGroup(
    async (group) => {
      const receiving = group.spawn((scope) => receiver.receive(scope));
      assert.deepEqual(receiver.statistics(), { ...none, waitingReceivers: 1 });
      receiving.cancel();
      assert.deepEqual(receiver.statistics(), none);
      sender.trySend(1);
      sender.trySend(2);
      const sending = group.spawn((scope) => sender.send(3, scope));
      const [otherSender, otherReceiver] = [sender.clone(), receiver.clone()];
      assert.deepEqual(sender.statistics(), { ...none, buffered: 2, peak: 2, senders: 2, receivers: 2, waitingSenders: 1 });
      sending.cancel();
      otherSender.close();
      otherReceiver.close();
      while (receiver.tryReceive() !== undefined);
      assert.deepEqual(sender.statistics(), { ...none, peak: 2 });
    },
    { clock },
  );
});

scenario("M19: an end that nobody closed is named by who waits for it: the deadlock tells the channel", async ({ clock }) => {
  const forget = (): Receiver<string> => channel<string>(0, { name: "orders" })[1];
  const receiver = forget();
  const error = await thrownBy(
    taskGroup(
      async (group) => {
        for await (const order of receiver.items(group)) assert.fail(order);
      },
      { clock },
    ),
  );
  assert.match(String(isA(error instanceof TaskGroupError ? error.errors[0] : error, DeadlockError)), /receive\(orders\)/);
  assert.deepEqual([receiver.statistics().senders, receiver.statistics().waitingReceivers], [1, 0]);
});

describe("N22: everything that waits in a channel checks cancellation and yields, also when it need not wait", () => {
  const operations: Record<string, (scope: Scope) => Promise<unknown>> = {
    "send() with room": (scope) => channel<number>(1)[0].send(1, scope),
    "receive() of what is there": (scope) => filled().receive(scope),
    "a step of items()": (scope) => filled().items(scope).next(),
    "select() of what is there": (scope) => select([filled()], scope),
    "send() of a broadcast": (scope) => broadcast<number>(1)[0].send(1, scope),
    "until() of what is so": (scope) => latest(1).until(() => true, scope),
    "put() with room": (scope) => new WorkQueue<number>().put(1, scope),
    "join() of an idle queue": (scope) => new WorkQueue<number>().join(scope),
  };
  function filled(): Receiver<number> {
    const [sender, receiver] = channel<number>(1);
    sender.trySend(1);
    return receiver;
  }

  for (const [name, operation] of Object.entries(operations)) scenario(`N22: ${name}`, () => assertCheckpoints(operation));

  scenario("N22: in a cancelled scope nothing is sent, received or taken (G4)", async ({ clock }) => {
    const [sender, receiver] = channel<number>(2);
    sender.trySend(1);
    const calls: ((scope: Scope) => Promise<unknown>)[] = [
      (scope) => receiver.receive(scope),
      (scope) => receiver.items(scope).next(),
      (scope) => sender.send(2, scope),
      (scope) => select([receiver, sending(sender, 3)], scope),
    ];
    await inScope(clock, async (scope) => {
      scope.cancel();
      for (const call of calls) isA(await thrownBy(call(scope)), CancelledError);
    });
    assert.equal(sender.statistics().buffered, 1);
  });
});
