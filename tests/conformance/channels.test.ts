/** Cases of topic M: channels and their ends. */
import assert from "node:assert/strict";
import { describe } from "node:test";
import { type CancelScope, moveOnAfter, sleep, taskGroup } from "espalier";
import { channel, ClosedError } from "espalier/channel";
import type { TestClock } from "espalier/testing";
import { isA, same, scenario, thrownBy } from "./case.ts";

/** What a call throws, at once or by its promise. */
async function closedBy(call: () => unknown): Promise<ClosedError> {
  return isA(await thrownBy((async () => call())()), ClosedError);
}

const inScope = <T>(clock: TestClock, body: (scope: CancelScope) => T | PromiseLike<T>): Promise<unknown> => moveOnAfter(Infinity, body, { clock });

scenario("M01: a buffer of two takes two, by trySend() and send(), and gives them back in order", async ({ clock }) => {
  const [sender, receiver] = channel<number>(2);
  await inScope(clock, async (scope) => {
    assert.equal(sender.trySend(1), true);
    await sender.send(2, scope);
    assert.equal(sender.trySend(3), false);
    assert.equal(await receiver.receive(scope), 1);
    assert.deepEqual(receiver.tryReceive(), { value: 2 });
    assert.equal(receiver.tryReceive(), undefined);
  });
});

scenario("M02: with capacity 0 trySend() fails unless somebody waits, and send() and receive() meet", async ({ clock }) => {
  const [sender, receiver] = channel<string>(0);
  const log: string[] = [];
  await taskGroup(
    async (group) => {
      assert.equal(sender.trySend("nobody is there"), false);
      assert.equal(receiver.tryReceive(), undefined);
      group.spawn(async (scope) => {
        await sender.send("item", scope);
        log.push("sent");
      });
      await sleep(10, group);
      assert.deepEqual(log, []);
      assert.equal(await receiver.receive(group), "item");
      const waiting = group.spawn((scope) => receiver.receive(scope));
      assert.equal(sender.trySend("to who waits"), true);
      assert.equal(await waiting.join(group), "to who waits");
    },
    { clock },
  );
  assert.deepEqual(log, ["sent"]);
});

describe("M03: the capacity", () => {
  scenario("M03: with Infinity nobody waits to send", () => {
    const [sender, receiver] = channel<number>(Infinity);
    for (let n = 0; n < 10_000; n++) assert.equal(sender.trySend(n), true);
    for (let n = 0; n < 10_000; n++) assert.deepEqual(receiver.tryReceive(), { value: n });
  });

  for (const capacity of [-1, Number.NaN, 1.5, -Infinity, "1", undefined] as number[]) {
    scenario(`M03: ${String(capacity)} (${typeof capacity}) is a RangeError`, () => {
      assert.throws(() => channel(capacity), RangeError);
    });
  }
});

scenario("M04: what was sent before the sender closed is received, then comes the end; a for await just ends", async ({ clock }) => {
  const [sender, receiver] = channel<number>(3);
  await inScope(clock, async (scope) => {
    for (const n of [1, 2, 3]) sender.trySend(n);
    sender.close();
    assert.equal(await receiver.receive(scope), 1);
    const items: number[] = [];
    for await (const n of receiver.items(scope)) items.push(n);
    assert.deepEqual(items, [2, 3]);
    assert.equal((await closedBy(() => receiver.receive(scope))).code, "ENDED");
    assert.equal((await closedBy(() => receiver.tryReceive())).code, "ENDED");
  });
});

scenario("M05: when the receiver closes, a waiting send() and all later ones fail with BROKEN, and carry their item", async ({ clock }) => {
  const [sender, receiver] = channel<string>(0);
  await taskGroup(
    async (group) => {
      const waiting = group.spawn((scope) => closedBy(() => sender.send("first", scope)));
      await sleep(10, group);
      receiver.close();
      const error = await waiting.join(group);
      same([error.code, error.undelivered], ["BROKEN", "first"]);
      for (const send of [() => sender.send("later", group), () => sender.trySend("later")]) {
        const later = await closedBy(send);
        same([later.code, later.undelivered], ["BROKEN", "later"]);
      }
    },
    { clock },
  );
});

scenario("M06: when the sender closes, a waiting receive() fails with ENDED, and a waiting for await ends", async ({ clock }) => {
  const [sender, receiver] = channel<string>(0);
  await taskGroup(
    async (group) => {
      const waiting = group.spawn((scope) => closedBy(() => receiver.receive(scope)));
      const iterating = group.spawn(async (scope) => {
        for await (const item of receiver.items(scope)) assert.fail(item);
        return "left";
      });
      await sleep(10, group);
      sender.close();
      assert.equal((await waiting.join(group)).code, "ENDED");
      assert.equal(await iterating.join(group), "left");
    },
    { clock },
  );
});

describe("M07: closing my own end", () => {
  scenario("M07: fails what waits with the sender, and all that follows, with CLOSED; again does nothing", async ({ clock }) => {
    const [sender, receiver] = channel<string>(0);
    await taskGroup(
      async (group) => {
        const waiting = group.spawn((scope) => closedBy(() => sender.send("mine", scope)));
        sender.close();
        const error = await waiting.join(group);
        same([error.code, error.undelivered], ["CLOSED", "mine"]);
        assert.equal((await closedBy(() => sender.send("later", group))).code, "CLOSED");
        assert.equal((await closedBy(() => sender.trySend("later"))).code, "CLOSED");
        sender.close();
        sender[Symbol.dispose]();
        assert.deepEqual([sender.closed, receiver.closed], [true, false]);
      },
      { clock },
    );
  });

  scenario("M07: … and with the receiver, also of a for await", async ({ clock }) => {
    const [sender, receiver] = channel<string>(1);
    await taskGroup(
      async (group) => {
        const waiting = group.spawn((scope) => closedBy(() => receiver.receive(scope)));
        const iterating = group.spawn((scope) => closedBy(() => receiver.items(scope).next()));
        receiver.close();
        assert.equal((await waiting.join(group)).code, "CLOSED");
        assert.equal((await iterating.join(group)).code, "CLOSED");
        assert.equal((await closedBy(() => receiver.receive(group))).code, "CLOSED");
        assert.equal((await closedBy(() => receiver.tryReceive())).code, "CLOSED");
        receiver.close();
        receiver[Symbol.dispose]();
        assert.deepEqual([sender.closed, receiver.closed], [false, true]);
      },
      { clock },
    );
  });
});

scenario("M08: ten producers with a clone each: the consumer ends when the last one closes, and has each item once", async ({ clock }) => {
  const [sender, receiver] = channel<string>(0);
  const got: string[] = [];
  const ended: number[] = [];
  await taskGroup(
    async (group) => {
      for (let producer = 0; producer < 10; producer++) {
        const own = sender.clone();
        group.spawn(async (scope) => {
          for (let n = 0; n < 3; n++) await own.send(`${producer}.${n}`, scope);
          await sleep(producer, scope);
          own.close();
        });
      }
      sender.close();
      for await (const item of receiver.items(group)) got.push(item);
      ended.push(group.now());
    },
    { clock },
  );
  assert.deepEqual(ended, [9]);
  assert.equal(got.length, 30);
  assert.equal(new Set(got).size, 30);
});

scenario("M09: a closed end has no clones, and a side is open until its last clone is closed", async ({ clock }) => {
  const [sender, receiver] = channel<number>(Infinity);
  const [otherSender, otherReceiver] = [sender.clone(), receiver.clone()];
  receiver.close();
  assert.equal((await closedBy(() => receiver.clone())).code, "CLOSED");
  assert.equal(sender.trySend(1), true);
  await inScope(clock, async (scope) => {
    assert.equal(await otherReceiver.receive(scope), 1);
    sender.close();
    assert.equal((await closedBy(() => sender.clone())).code, "CLOSED");
    assert.equal(otherReceiver.tryReceive(), undefined);
    otherReceiver.close();
    assert.equal((await closedBy(() => otherSender.trySend(2))).code, "BROKEN");
  });
});

describe("M10: closing one clone leaves the others alone", () => {
  scenario("M10: of senders", async ({ clock }) => {
    const [first, receiver] = channel<string>(0);
    const second = first.clone();
    await taskGroup(
      async (group) => {
        const failing = group.spawn((scope) => closedBy(() => first.send("first", scope)));
        const going = group.spawn((scope) => second.send("second", scope));
        await sleep(10, group);
        first.close();
        assert.equal((await failing.join(group)).code, "CLOSED");
        assert.equal(going.status, "running");
        assert.equal(await receiver.receive(group), "second");
        await going.join(group);
      },
      { clock },
    );
  });

  scenario("M10: of receivers", async ({ clock }) => {
    const [sender, first] = channel<string>(0);
    const second = first.clone();
    await taskGroup(
      async (group) => {
        const failing = group.spawn((scope) => closedBy(() => first.receive(scope)));
        const going = group.spawn((scope) => second.receive(scope));
        await sleep(10, group);
        first.close();
        assert.equal((await failing.join(group)).code, "CLOSED");
        assert.equal(sender.trySend("item"), true);
        assert.equal(await going.join(group), "item");
      },
      { clock },
    );
  });
});

describe("M11: what comes free goes to who waits, in the very call", () => {
  scenario("M11: an item that is sent to a waiting receiver is not there for the next line", async ({ clock }) => {
    const [sender, receiver] = channel<string>(1);
    await taskGroup(
      async (group) => {
        const waiting = group.spawn((scope) => receiver.receive(scope));
        assert.equal(sender.trySend("item"), true);
        assert.equal(receiver.tryReceive(), undefined);
        assert.equal(await waiting.join(group), "item");
      },
      { clock },
    );
  });

  scenario("M11: room that is made by a receive goes to the waiting sender", async ({ clock }) => {
    const [sender, receiver] = channel<number>(1);
    await taskGroup(
      async (group) => {
        sender.trySend(1);
        const waiting = group.spawn((scope) => sender.send(2, scope));
        assert.deepEqual(receiver.tryReceive(), { value: 1 });
        assert.equal(sender.trySend(3), false);
        await waiting.join(group);
        assert.equal(await receiver.receive(group), 2);
      },
      { clock },
    );
  });
});

scenario("M12: five waiting consumers share ten items: each gets some, each item comes once", async ({ clock }) => {
  const [sender, receiver] = channel<number>(0);
  const got: number[][] = [];
  await taskGroup(
    async (group) => {
      for (let consumer = 0; consumer < 5; consumer++) {
        const own = receiver.clone();
        const items: number[] = [];
        got.push(items);
        group.spawn(async (scope) => {
          for await (const item of own.items(scope)) items.push(item);
        });
      }
      await sleep(10, group);
      for (let n = 0; n < 10; n++) await sender.send(n, group);
      sender.close();
    },
    { clock },
  );
  assert.deepEqual(got.map((items) => items.length > 0), [true, true, true, true, true]);
  assert.deepEqual(got.flat().toSorted((a, b) => a - b), [0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
});
