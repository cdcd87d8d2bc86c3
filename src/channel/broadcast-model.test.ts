/**
 * Random programs of a broadcast against a model of arrays, under each policy for slow receivers. `BROADCAST_SEED=4711` runs
 * one of them again.
 */
import assert from "node:assert/strict";
import { test } from "node:test";
import { taskGroup, type Task, type TaskGroup } from "espalier";
import { broadcast, ClosedError, type Receiver, type SlowPolicy } from "espalier/channel";
import { programs, turn, variable } from "../../tests/runtimes/runtime.ts";

interface ModelSubscription {
  readonly real: Receiver<number>;
  readonly items: number[];
  isClosed: boolean;
  isGivenUp: boolean;
}

interface ModelSend {
  readonly item: number;
  readonly task: Task<string>;
  result: string | undefined;
}

function chance(seed: number): (below: number) => number {
  let state = (seed * 2_654_435_761) >>> 0;
  return (below) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
}

class Program {
  readonly #log: string[] = [];
  readonly #subscriptions: ModelSubscription[] = [];
  readonly #sends: ModelSend[] = [];
  readonly #capacity: number;
  readonly #slow: SlowPolicy;
  #isEnded = false;
  #item = 0;

  constructor(slow: SlowPolicy, capacity: number) {
    this.#slow = slow;
    this.#capacity = capacity;
  }

  async run(random: (below: number) => number, group: TaskGroup): Promise<void> {
    const [sender, subscribe] = broadcast<number>(this.#capacity, { slow: this.#slow });
    const send = async (item: number, own: Parameters<typeof sender.send>[1]): Promise<string> => {
      try {
        await sender.send(item, own);
        return "sent";
      } catch (error) {
        if (error instanceof ClosedError) return error.code;
        throw error;
      }
    };
    for (let step = 0; step < 80; step++) {
      const what = random(20);
      const one = this.#subscriptions[random(Math.max(this.#subscriptions.length, 1))];
      if (what < 3) this.#subscriptions.push({ real: subscribe(), items: [], isClosed: false, isGivenUp: false });
      else if (what < 8) {
        const item = ++this.#item;
        const result = this.#isEnded ? "CLOSED" : this.#offer(item) ? "sent" : undefined;
        this.#sends.push({ item, result, task: group.spawn((scope) => send(item, scope)) });
      } else if (what < 10 && !this.#isEnded) assert.equal(sender.trySend(++this.#item), this.#offer(this.#item), this.#told());
      else if (what < 17 && one !== undefined) this.#receive(one);
      else if (what < 18 && one !== undefined && !one.isClosed) this.#close(one);
      else if (what < 19) this.#cancel(this.#sends[random(Math.max(this.#sends.length, 1))]);
      else if (random(12) === 0) {
        sender.close();
        this.#isEnded = true;
        for (const waiting of this.#sends) waiting.result ??= "CLOSED";
      }
      this.#log.push(`${what} ${this.#subscriptions.indexOf(one as ModelSubscription)}`);
      if (random(4) === 0) await this.#compare(sender.statistics().waitingSenders);
    }
    for (const { task } of this.#sends) task.cancel();
  }

  #offer(item: number): boolean {
    const open = this.#subscriptions.filter((one) => !one.isClosed && !one.isGivenUp);
    const isFull = (one: ModelSubscription): boolean => one.items.length >= this.#capacity;
    if (this.#slow === "wait" && open.some(isFull)) return false;
    for (const one of open) {
      if (this.#slow === "fail" && isFull(one)) one.isGivenUp = true;
      else {
        if (isFull(one)) one.items.shift();
        one.items.push(item);
      }
    }
    return true;
  }

  #admit(): void {
    for (const waiting of this.#sends) {
      if (waiting.result !== undefined) continue;
      if (!this.#offer(waiting.item)) return;
      waiting.result = "sent";
    }
  }

  #receive(one: ModelSubscription): void {
    const [item] = one.items;
    const expected = one.isClosed ? "CLOSED" : (item ?? (one.isGivenUp ? "BROKEN" : this.#isEnded ? "ENDED" : "nothing"));
    let real: unknown;
    try {
      real = one.real.tryReceive()?.value ?? "nothing";
    } catch (error) {
      real = (error as ClosedError).code;
    }
    assert.equal(real, expected, this.#told());
    if (one.isClosed) return;
    one.items.shift();
    this.#admit();
  }

  #close(one: ModelSubscription): void {
    one.real.close();
    one.isClosed = true;
    this.#admit();
  }

  #cancel(one: ModelSend | undefined): void {
    if (one === undefined) return;
    one.task.cancel();
    one.result ??= "cancelled";
  }

  async #compare(waiting: number): Promise<void> {
    assert.equal(waiting, this.#sends.filter(({ result }) => result === undefined).length, this.#told());
    for (let n = 0; n < 3; n++) await turn();
    for (const { task, result } of this.#sends) {
      const { outcome } = task;
      assert.equal(outcome === undefined ? undefined : outcome.status === "succeeded" ? outcome.value : outcome.status, result, this.#told());
    }
    for (const { real, items } of this.#subscriptions) if (!real.closed) assert.equal(real.statistics().buffered, items.length, this.#told());
  }

  #told(): string {
    return `slow: "${this.#slow}", capacity ${this.#capacity}\n${this.#log.join("\n")}`;
  }
}

for (const slow of ["wait", "dropOldest", "fail"] as const) {
  test(`a broadcast with slow: "${slow}" does what the model does, whatever is sent, received, cancelled and closed`, async (t) => {
    const one = variable("BROADCAST_SEED");
    const seeds = one === undefined ? Array.from({ length: programs(300) }, (_, n) => n + 1) : [Number(one)];
    t.diagnostic(`seeds ${seeds[0]} to ${seeds.at(-1)}`);
    for (const seed of seeds) {
      const random = chance(seed);
      const program = new Program(slow, 1 + random(3));
      try {
        await taskGroup((group) => program.run(random, group));
      } catch (error) {
        throw new Error(`BROADCAST_SEED=${seed} shows it again`, { cause: error });
      }
    }
  });
}
