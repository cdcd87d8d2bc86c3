/** Who gets which calls, seen by workers that a test plays: what they are sent, and what they can still begin. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { taskGroup } from "espalier";
import { work } from "espalier/executor";
import { quiet } from "../../../tests/conformance/case.ts";
import { Claims } from "../wire/claims.ts";
import { CALL_LENGTH, CALLS, CLOSE, type Message, READY, RESULTS, SUCCEEDED } from "../wire/messages.ts";
import type { Carrier, CarrierEvents, Launcher } from "./carrier.ts";
import { Pool } from "./pool.ts";

interface Sent {
  readonly slot: number;
  readonly generation: number;
  readonly input: unknown;
}

/** A worker that does what the test says. */
class Player implements Carrier {
  readonly claims: Claims = new Claims();
  readonly label = "worker";
  readonly sent: Sent[] = [];
  readonly #begun: Sent[] = [];
  readonly #events: CarrierEvents;

  constructor(events: CarrierEvents) {
    this.#events = events;
    queueMicrotask(() => events.received([READY]));
  }

  post(message: Message): void {
    if (message[0] === CLOSE) queueMicrotask(() => this.kill());
    if (message[0] !== CALLS) return;
    for (let at = 1; at < message.length; at += CALL_LENGTH) this.sent.push({ slot: message[at] as number, generation: message[at + 1] as number, input: message[at + 3] });
  }

  /** Begins what it can of all that it was sent, and gives the inputs of those. */
  begin(): unknown[] {
    const taken = this.sent.splice(0).filter(({ slot, generation }) => this.claims.take(slot, generation));
    this.#begun.push(...taken);
    return taken.map(({ input }) => input);
  }

  /** The same, and tells the results of all that it has begun in one message. */
  finish(): unknown[] {
    const begun = this.begin();
    this.#events.received([RESULTS, ...this.#begun.splice(0).flatMap(({ slot, input }) => [slot, SUCCEEDED, input, 0.1])]);
    return begun;
  }

  kill(): void {
    this.#events.died({ exit: 0 });
  }

  hold(): void {}
}

async function played(): Promise<{ pool: Pool; workers: readonly [Player, Player] }> {
  const workers: Player[] = [];
  const launcher: Launcher = {
    parallelism: 2,
    launch(events) {
      const player = new Player(events);
      workers.push(player);
      return player;
    },
    later: () => () => {},
  };
  const pool = new Pool(launcher, { size: 2, min: 2 }, "played");
  await quiet();
  return { pool, workers: [workers[0]!, workers[1]!] };
}

const echo = work(import.meta, "echo", (input: number) => input);

test("a worker that is relieved of all gets the new calls of whoever waited for its results, and nothing that another one was sent", async () => {
  const { pool, workers: [one, other] } = await played();
  const run: unknown[][] = [];
  await taskGroup(async (group) => {
    const again = async (input: number): Promise<void> => {
      await pool.run(echo, input, group);
      await pool.run(echo, 10 + input, group);
    };
    for (let input = 0; input < 8; input++) group.spawn(() => again(input));
    await quiet();
    run.push(one.finish());
    await quiet();
    run.push(one.finish(), other.finish());
    await quiet();
    one.finish();
    other.finish();
  });
  await pool.close();
  assert.deepEqual(run, [[0, 1, 2, 3], [10, 11, 12, 13], [4, 5, 6, 7]]);
});

test("an idle worker gets half of what another one was sent and has not begun, in the next turn", async () => {
  const { pool, workers: [one, other] } = await played();
  const begun: unknown[][] = [];
  await taskGroup(async (group) => {
    for (let input = 0; input < 8; input++) group.spawn((scope) => pool.run(echo, input, scope));
    await quiet();
    begun.push(one.finish());
    await quiet();
    begun.push(one.begin(), other.begin());
    one.finish();
    other.finish();
  });
  await pool.close();
  assert.deepEqual(begun, [[0, 1, 2, 3], [6, 7], [4, 5]]);
});
