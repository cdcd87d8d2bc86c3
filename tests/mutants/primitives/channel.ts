import type { Planted } from "./planted.ts";

const channel = "primitives/channel.ts";

export const channelMistakes: readonly Planted[] = [
  {
    name: "sent though cancelled",
    mistake: "a sender that waits has put its item into the buffer before: it comes out though the send was cancelled",
    study: ["channel.ts", "conservation"],
    edits: [
      {
        file: channel,
        find: "if (this.#buffer.length >= this.#capacity) return this.#senders.add({ waiter, item });\n        this.#buffer.push(item);",
        put: "this.#buffer.push(item);\n        if (this.#buffer.length > this.#capacity) return this.#senders.add({ waiter, item });",
      },
      { file: channel, find: "if (sender !== undefined) this.#buffer.push(sender.item);", put: "void sender;" },
    ],
  },
  {
    name: "item gone when woken",
    mistake: "send() puts the item into the buffer and wakes a receiver, which takes it later: another one has taken it",
    study: ["channel.ts", "conservation"],
    edits: [
      { file: channel, find: "if (this.#receivers.wake(item) === undefined) {", put: "this.#receivers.wake(undefined as T);\n      {" },
      { file: channel, find: "(waiter) => this.#receive(waiter));", put: "(waiter) => this.#receive(waiter)).then((item) => item ?? this.#buffer.shift()!);" },
    ],
  },
  {
    name: "double hand-over",
    mistake: "receive() leaves the item in the buffer until the receiver has gone on: a second one gets it too",
    study: ["channel.ts", "conservation"],
    edits: [
      { file: channel, find: "waiter.resolve(this.#buffer.shift()!);", put: "waiter.resolve(this.#buffer[0]!);" },
      {
        file: channel,
        find: "(waiter) => this.#receive(waiter));",
        put: "(waiter) => this.#receive(waiter)).then((item) => {\n      if (this.#buffer[0] === item) this.#buffer.shift();\n      return item;\n    });",
      },
    ],
  },
  {
    name: "close() loses the buffer",
    mistake: "close() empties the buffer, though what is in it was sent",
    study: ["channel.ts", "closing"],
    edits: [{ file: channel, find: "this.#isClosed = true;", put: "this.#isClosed = true;\n    this.#buffer.length = 0;" }],
  },
  {
    name: "close() forgets the senders",
    mistake: "close() wakes the receivers and not the senders that wait for room",
    study: ["channel.ts", "hangingUp"],
    edits: [{ file: channel, find: 'this.#senders.failAll(new ChannelClosed("send"));', put: "" }],
  },
];
