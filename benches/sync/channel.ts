/**
 * Items from one task to another: one at a time, and through a buffer of 64. Beside a hand-over of bare promises, which is what
 * one writes by hand, knows nothing of cancellation, and is the least there is to pay.
 */
import { channel } from "../channel.ts";
import { taskGroup } from "../espalier.ts";
import { interleave } from "../measure.ts";
import { missing, versioned } from "../rival.ts";
import { compare, type Reach, type Row } from "../row.ts";
import { timed, type Ways } from "../sample.ts";

const items = 20_000;
const buffered = 64;

async function throughChannel(capacity: number): Promise<void> {
  const [sender, receiver] = channel<number>(capacity);
  await taskGroup(async (group) => {
    group.spawn(async (scope) => {
      for (let n = 0; n < items; n++) await sender.send(n, scope);
      sender.close();
    });
    for (let n = 0; n < items; n++) check(await receiver.receive(group), n);
  });
}

/**
 * Waits where there is nothing, or no room; wakes whoever waits at the other end. Where it need not wait it awaits all the same
 * if `yields`, as every operation of a channel does: a loop that never waits would let nobody else run.
 */
async function byHand(capacity: number, yields: boolean): Promise<void> {
  const queue: number[] = [];
  let wakeTaker: (() => void) | undefined;
  let wakeGiver: (() => void) | undefined;
  const give = async (): Promise<void> => {
    for (let n = 0; n < items; n++) {
      if (queue.length >= capacity) await new Promise<void>((resolve) => (wakeGiver = resolve));
      else if (yields) await null;
      queue.push(n);
      wakeTaker?.();
    }
  };
  const take = async (): Promise<void> => {
    for (let n = 0; n < items; n++) {
      if (queue.length === 0) await new Promise<void>((resolve) => (wakeTaker = resolve));
      else if (yields) await null;
      check(queue.shift()!, n);
      wakeGiver?.();
    }
  };
  await Promise.all([give(), take()]);
}

async function throughEffect(capacity: number): Promise<() => Promise<unknown>> {
  const { Effect, Queue } = await import("effect");
  const program = Effect.gen(function* () {
    const queue = yield* Queue.bounded<number>(capacity);
    const give = Effect.gen(function* () {
      for (let n = 0; n < items; n++) yield* Queue.offer(queue, n);
    });
    const take = Effect.gen(function* () {
      for (let n = 0; n < items; n++) check(yield* Queue.take(queue), n);
    });
    yield* Effect.all([give, take], { concurrency: "unbounded" });
  });
  return () => Effect.runPromise(program);
}

async function throughEffection(): Promise<() => Promise<unknown>> {
  const { createChannel, run, spawn } = await import("effection");
  return async () => {
    await run(function* () {
      const channel = createChannel<number>();
      const subscription = yield* channel;
      void (yield* spawn(function* () {
        for (let n = 0; n < items; n++) yield* channel.send(n);
      }));
      for (let n = 0; n < items; n++) check((yield* subscription.next()).value as number, n);
    });
  };
}

function check(value: number, expected: number): void {
  if (value !== expected) throw new Error(`received ${value} where ${expected} was sent`);
}

export const ways = {
  "one at a time": () => timed(items, () => throughChannel(0)),
  "one at a time, by hand": () => timed(items, () => byHand(1, false)),
  "one at a time, effect": async () => timed(items, await throughEffect(1)),
  "buffered": () => timed(items, () => throughChannel(buffered)),
  "buffered, by hand": () => timed(items, () => byHand(buffered, true)),
  "buffered, in a spin": () => timed(items, () => byHand(buffered, false)),
  "buffered, effect": async () => timed(items, await throughEffect(buffered)),
  "effection": async () => timed(items, await throughEffection()),
} satisfies Ways;

export const row: Row = {
  async measure() {
    const lack = missing("effect") ?? missing("effection");
    if (lack !== undefined) return [{ what: "items through a channel", missing: lack }];
    const took = await interleave(import.meta.url, Object.keys(ways) as (keyof typeof ways)[], { warmUps: 3, rounds: 21 });
    const one = { what: "items through a channel, one at a time", items, unit: "µs" };
    const many = { what: "items through a channel, 64 on the way", items, unit: "µs" };
    const below: Reach = { of: "ratio", bound: "at most", limit: 1 };
    // Half the pace of the hand-over is twice its time.
    const twice: Reach = { of: "ratio", bound: "at most", limit: 2 };
    return [
      compare({ ...one, reach: twice }, ["channel(0)", took["one at a time"]], ["bare promises", took["one at a time, by hand"]]),
      compare({ ...one, reach: below }, ["channel(0)", took["one at a time"]], [`${versioned("effect")} Queue.bounded(1)`, took["one at a time, effect"]]),
      compare({ ...many, reach: twice }, ["channel(64)", took["buffered"]], ["bare promises, one for each operation", took["buffered, by hand"]]),
      compare(many, ["channel(64)", took["buffered"]], ["bare promises, only where it waits", took["buffered, in a spin"]]),
      compare({ ...many, reach: below }, ["channel(64)", took["buffered"]], [`${versioned("effect")} Queue.bounded(64)`, took["buffered, effect"]]),
      compare({ ...many, reach: below }, ["channel(64)", took["buffered"]], [`${versioned("effection")} createChannel`, took["effection"]]),
    ];
  },
};
