/** `channel`: what holds in every order of events. (Its behaviour by case: tests/conformance/channels.test.ts.) */
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { isCancelled, moveOnAfter, type Scope, taskGroup } from "espalier";
import { broadcast, channel, ClosedError, select, sending } from "espalier/channel";
import { explore } from "espalier/testing";
import { scenario } from "../../tests/conformance/case.ts";

const turn = (): Promise<void> => new Promise((resolve) => void setImmediate(resolve));

describe("in every order of events, and with any task cancelled", () => {
  for (const capacity of [0, 1, 2, Infinity]) {
    test(`with capacity ${capacity} each item that was sent is received once, in order, and nobody is left waiting`, async () => {
      await explore(
        async (group) => {
          const [sender, receiver] = channel<string>(capacity);
          const sent: string[] = [];
          const received: string[] = [];
          const produce = (name: string) => async (scope: Scope) => {
            for (const item of [`${name}1`, `${name}2`]) {
              await sender.send(item, scope);
              sent.push(item);
            }
          };
          const consume = async (scope: Scope): Promise<void> => {
            for await (const item of receiver.items(scope)) received.push(item);
          };
          const producers = ["a", "b"].map((name) => group.spawn(produce(name)));
          const consumer = group.spawn(consume);
          const rest = group.spawn((scope) =>
            scope.shield(async (own) => {
              await consumer.settled(own);
              await consume(own);
            }),
          );
          for (const task of producers) await task.settled(group);
          sender.close();
          await rest.settled(group);
          assert.deepEqual(received.toSorted(), sent.toSorted());
          for (const name of ["a", "b"]) {
            const own = received.filter((item) => item.startsWith(name));
            assert.deepEqual(own, own.toSorted(), "in order");
          }
          const { waitingReceivers, waitingSenders, buffered } = receiver.statistics();
          assert.deepEqual([waitingReceivers, waitingSenders, buffered], [0, 0, 0]);
        },
        { faults: ["cancel"], mostFaults: 2, schedules: 1_000, seeds: 200 },
      );
    });
  }

  test("an end that is closed while others wait fails each of them once, and loses no item that was not refused", async () => {
    await explore(
      async (group, trial) => {
        const [sender, receiver] = channel<number>(1);
        const outcome = new Map<number, string>();
        const received: number[] = [];
        const send = (item: number) => async (scope: Scope) => {
          try {
            await sender.send(item, scope);
            outcome.set(item, "sent");
          } catch (error) {
            assert.ok(isCancelled(error) || (error instanceof ClosedError && error.undelivered === item));
            outcome.set(item, "refused");
            throw error;
          }
        };
        const tasks = [1, 2, 3].map((item) => group.spawn((scope) => send(item)(scope).catch(() => {})));
        await group.checkpoint();
        const closing = trial.choose(2, "who closes");
        if (closing === 0) sender.close();
        for (const task of tasks.slice(closing === 0 ? 0 : 3)) await task.settled(group);
        for (let n = 0; n < 2; n++) {
          try {
            const item = receiver.tryReceive();
            if (item !== undefined) received.push(item.value);
          } catch (error) {
            assert.equal((error as ClosedError).code, "ENDED");
          }
          await group.checkpoint();
        }
        receiver.close();
        for (const task of tasks) await task.settled(group);
        // What lay in the buffer when the last receiver closed is dropped, as it says.
        for (const item of received) assert.equal(outcome.get(item), "sent");
        if (closing === 0) assert.equal(received.length, [...outcome.values()].filter((what) => what === "sent").length);
      },
      { faults: ["cancel"], schedules: 1_000, seeds: 200 },
    );
  });
});

scenario("a producer and a consumer that never block let timers and I/O run (G22), and lose nothing when they are cancelled then", async () => {
  const [sender, receiver] = channel<number>(Infinity);
  let sent = 0;
  let received = 0;
  let turns = 0;
  await taskGroup(async (group) => {
    const work = group.spawn(async (scope) => {
      for (;;) {
        await sender.send(sent, scope);
        sent++;
        assert.equal(await receiver.receive(scope), received);
        received++;
      }
    });
    for (; turns < 3; turns++) await group.wait(turn());
    work.cancel();
    await work.settled(group);
  });
  const left = receiver.tryReceive() === undefined ? 0 : 1;
  assert.equal(sent, received + left);
});

scenario("an item is not kept alive by the channel that it went through", async () => {
  const [sender, receiver] = channel<object>(4);
  const refs: WeakRef<object>[] = [];
  await taskGroup(async (group) => {
    for (let n = 0; n < 3; n++) {
      await (async () => {
        const item = {};
        refs.push(new WeakRef(item));
        await sender.send(item, group);
        await receiver.receive(group);
      })();
    }
    await group.wait(turn());
    globalThis.gc?.();
  });
  if (globalThis.gc !== undefined) assert.deepEqual(refs.map((ref) => ref.deref()), [undefined, undefined, undefined]);
  assert.equal(sender.statistics().buffered, 0);
});

describe("who was let go a moment ago, and has not left yet, is passed over", () => {
  /** Calls `then` when every wait of the scope has been let go, and none has been told. */
  async function whileCancelling(begin: (scope: Scope) => Promise<unknown>[], then: () => void): Promise<void> {
    await moveOnAfter(Infinity, async (scope) => {
      scope.signal.addEventListener("abort", then);
      const waiting = begin(scope);
      scope.cancel();
      for (const wait of waiting) assert.ok(isCancelled(await wait.catch((error: unknown) => error)));
    });
  }

  scenario("by an item: it goes to the next receiver, or into the buffer", async () => {
    const [sender, receiver] = channel<string>(1);
    await taskGroup(async (group) => {
      await whileCancelling(
        (scope) => [receiver.receive(scope), select([receiver], scope)],
        () => {
          group.spawn(async (own) => assert.equal(await receiver.receive(own), "first"));
          assert.equal(sender.trySend("first"), true);
          assert.equal(sender.trySend("second"), true);
          assert.equal(sender.trySend("third"), false);
        },
      );
    });
    assert.deepEqual(receiver.tryReceive(), { value: "second" });
    assert.equal(receiver.statistics().waitingReceivers, 0);
  });

  for (const capacity of [0, 1]) {
    scenario(`by a receive, with capacity ${capacity}: its item is not there`, async () => {
      const [sender, receiver] = channel<string>(capacity);
      if (capacity === 1) sender.trySend("in the buffer");
      await whileCancelling(
        (scope) => [sender.send("cancelled", scope), select([sending(sender, "cancelled")], scope)],
        () => {
          if (capacity === 1) assert.deepEqual(receiver.tryReceive(), { value: "in the buffer" });
          assert.equal(receiver.tryReceive(), undefined);
        },
      );
      assert.deepEqual([sender.statistics().waitingSenders, sender.statistics().buffered], [0, 0]);
    });
  }

  scenario("by a broadcast, when there is room: its item goes to nobody", async () => {
    const [sender, subscribe] = broadcast<string>(1);
    const receiver = subscribe();
    sender.trySend("in the buffer");
    await whileCancelling(
      (scope) => [sender.send("cancelled", scope)],
      () => {
        assert.deepEqual(receiver.tryReceive(), { value: "in the buffer" });
        assert.equal(receiver.tryReceive(), undefined);
      },
    );
    assert.equal(sender.trySend("next"), true);
  });
});
