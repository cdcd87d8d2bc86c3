/** The channel: what was sent comes out once, in order; what was not sent does not. */
import assert from "node:assert/strict";
import type { Scope, TaskGroup } from "espalier";
import { Channel, ChannelClosed } from "../primitives/channel.ts";
import { type Study, work } from "../study.ts";

/** Receives until the channel is closed. */
async function drain(channel: Channel<string>, received: string[], scope: Scope): Promise<void> {
  try {
    for (;;) {
      received.push(await channel.receive(scope));
      await scope.checkpoint();
    }
  } catch (error) {
    if (!(error instanceof ChannelClosed)) throw error;
  }
}

async function conservation(group: TaskGroup): Promise<void> {
  const channel = new Channel<string>(1);
  const sent: string[] = [];
  const received: string[] = [];
  const senders = ["a", "b"].map((name) =>
    group.spawn(
      async (scope) => {
        for (const item of [`${name}1`, `${name}2`]) {
          await channel.send(item, scope);
          sent.push(item);
        }
      },
      { name },
    ),
  );
  for (const name of ["x", "y"]) group.spawn((scope) => drain(channel, received, scope), { name });
  group.spawn(
    async (scope) => {
      await scope.shield(async (inner) => {
        for (const sender of senders) await sender.settled(inner);
      });
      channel.close();
    },
    { name: "closer" },
  );
  group.defer(async (scope) => {
    // What is left when all receivers were cancelled.
    await drain(channel, received, scope);
    assert.deepEqual(received.toSorted(), sent.toSorted(), "what came out is not what was sent");
  });
}

/** Order: one sender, one receiver, one that is cut short. */
async function order(group: TaskGroup): Promise<void> {
  const channel = new Channel<string>(1);
  const received: string[] = [];
  group.spawn(
    async (scope) => {
      for (const item of ["1", "2", "3"]) await channel.send(item, scope);
      channel.close();
    },
    { name: "sender" },
  );
  group.spawn((scope) => drain(channel, received, scope), { name: "receiver" });
  group.defer(() => assert.deepEqual(received, ["1", "2", "3"].slice(0, received.length), "not in order"));
}

/** It is closed while senders wait and the buffer is full. */
async function closing(group: TaskGroup): Promise<void> {
  const channel = new Channel<string>(1);
  const sent: string[] = [];
  const received: string[] = [];
  for (const item of ["1", "2"]) {
    group.spawn(
      async (scope) => {
        await channel.send(item, scope).then(
          () => sent.push(item),
          (error: unknown) => assert.ok(error instanceof ChannelClosed),
        );
      },
      { name: `sends ${item}` },
    );
  }
  group.spawn(
    async (scope) => {
      await work(3, scope);
      channel.close();
    },
    { name: "closer" },
  );
  group.spawn((scope) => drain(channel, received, scope), { name: "receiver" });
  group.defer(() => assert.deepEqual(received.toSorted(), sent.toSorted(), "what came out is not what was sent"));
}

/** The receiver has enough after one: whoever sends must learn of it, and not wait for room. */
async function hangingUp(group: TaskGroup): Promise<void> {
  const channel = new Channel<number>(1);
  for (let item = 0; item < 3; item++) {
    group.spawn(
      async (scope) => {
        await work(2 * item, scope);
        await channel.send(item, scope).catch((error: unknown) => assert.ok(error instanceof ChannelClosed));
      },
      { name: `sends ${item}` },
    );
  }
  group.spawn(
    async (scope) => {
      await channel.receive(scope);
      await scope.checkpoint();
      channel.close();
    },
    { name: "receiver" },
  );
}

export const studies: Readonly<Record<string, Study>> = {
  conservation: { program: conservation, faults: ["cancel"] },
  order: { program: order, isSmall: true },
  closing: { program: closing, isSmall: true },
  hangingUp: { program: hangingUp },
};
