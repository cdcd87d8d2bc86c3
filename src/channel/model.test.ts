/**
 * Random programs of channels against a model of a few arrays: what each call gives, and what `statistics()` say after
 * each turn. Calls take effect in the order in which they are made, so the model tells one result for each.
 *
 * `CHANNEL_SEED=4711` runs one program again, `CHANNEL_PROGRAMS=100000` runs more of them.
 */
import assert from "node:assert/strict";
import { test } from "node:test";
import { CancelledError, type Scope, type Task, taskGroup, type TaskGroup } from "espalier";
import { channel, ClosedError, type Receiver, select, type Selectable, type Sender, sending } from "espalier/channel";
import { programs, turn as nextTurn, variable } from "../../tests/runtimes/runtime.ts";

type Random = (below: number) => number;

/** The same numbers for the same seed. */
function chance(seed: number): Random {
  let state = (seed * 2_654_435_761) >>> 0;
  return (below) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
}

/** One end of a channel of the model, and the real one. */
interface End {
  readonly channel: ModelChannel;
  readonly kind: "send" | "receive";
  readonly real: Sender<number> | Receiver<number>;
  isOpen: boolean;
}

interface ModelChannel {
  readonly capacity: number;
  readonly buffer: number[];
  readonly ends: End[];
}

interface Case {
  readonly end: End;
  readonly item: number;
}

/** A call: with one case a `send` or a `receive`, with several a `select`. */
interface Call {
  readonly cases: readonly Case[];
  /** Undefined while it waits. */
  result: string | undefined;
}

/** The model: plain arrays, searched from the front. */
class Model {
  readonly channels: ModelChannel[] = [];
  readonly calls: Call[] = [];

  open(at: ModelChannel, kind: "send" | "receive"): number {
    return at.ends.filter((end) => end.kind === kind && end.isOpen).length;
  }

  /** Who waits at a channel, in the order of coming. */
  waiting(at: ModelChannel, kind: "send" | "receive"): [Call, number][] {
    const pending = this.calls.filter(({ result }) => result === undefined);
    return pending.flatMap((call) => call.cases.flatMap(({ end }, index): [Call, number][] => (end.channel === at && end.kind === kind ? [[call, index]] : [])));
  }

  begin(call: Call): void {
    for (const [index, { end, item }] of call.cases.entries()) {
      const result = end.kind === "send" ? this.#send(end, item) : this.#receive(end);
      if (result === undefined) continue;
      call.result = `${index}: ${result}`;
      break;
    }
    this.calls.push(call);
  }

  close(end: End): void {
    end.isOpen = false;
    const other = end.kind === "send" ? "receive" : "send";
    for (const [call, index] of this.waiting(end.channel, end.kind)) if (call.cases[index]!.end === end) call.result ??= `${index}: CLOSED`;
    if (this.open(end.channel, end.kind) > 0) return;
    if (end.kind === "receive") end.channel.buffer.length = 0;
    for (const [call, index] of this.waiting(end.channel, other)) call.result ??= `${index}: ${end.kind === "send" ? "ENDED" : "BROKEN"}`;
  }

  #send({ channel: at, isOpen }: End, item: number): string | undefined {
    if (!isOpen) return "CLOSED";
    if (this.open(at, "receive") === 0) return "BROKEN";
    const [taker] = this.waiting(at, "receive");
    if (taker !== undefined) taker[0].result = `${taker[1]}: got ${item}`;
    else if (at.buffer.length < at.capacity) at.buffer.push(item);
    else return undefined;
    return "sent";
  }

  #receive({ channel: at, isOpen }: End): string | undefined {
    if (!isOpen) return "CLOSED";
    const [giver] = this.waiting(at, "send");
    if (giver !== undefined) {
      giver[0].result = `${giver[1]}: sent`;
      at.buffer.push(giver[0].cases[giver[1]]!.item);
    }
    if (at.buffer.length > 0) return `got ${at.buffer.shift()}`;
    return this.open(at, "send") === 0 ? "ENDED" : undefined;
  }
}

/** What a real call came to, in the words of the model. */
async function told(cases: readonly Case[], scope: Scope, isIteration: boolean): Promise<string> {
  const [{ end, item }] = cases as [Case];
  try {
    if (cases.length > 1) {
      const list = cases.map((one): Selectable => (one.end.kind === "send" ? sending(one.end.real as Sender<number>, one.item) : (one.end.real as Receiver<number>)));
      const { index, done, value } = await select(list, scope);
      return `${index}: ${done ? "ENDED" : cases[index]!.end.kind === "send" ? "sent" : `got ${String(value)}`}`;
    }
    if (end.kind === "send") {
      await (end.real as Sender<number>).send(item, scope);
      return "0: sent";
    }
    if (!isIteration) return `0: got ${await (end.real as Receiver<number>).receive(scope)}`;
    const step = await (end.real as Receiver<number>).items(scope).next();
    return `0: ${step.done === true ? "ENDED" : `got ${step.value}`}`;
  } catch (error) {
    if (error instanceof CancelledError) return "cancelled";
    if (error instanceof ClosedError) return `?: ${error.code}`;
    throw error;
  }
}

/** A select does not tell which case failed. */
const same = (real: string, model: string): boolean => real === model || (real.startsWith("?") && real.slice(1) === model.slice(1));

/** Calls that do not wait give what a call gives that may, or `undefined`. */
function attempt({ end, item }: Case): string | undefined {
  try {
    if (end.kind === "send") return (end.real as Sender<number>).trySend(item) ? "0: sent" : undefined;
    const found = (end.real as Receiver<number>).tryReceive();
    return found === undefined ? undefined : `0: got ${found.value}`;
  } catch (error) {
    return `0: ${(error as ClosedError).code}`;
  }
}

const turns = async (): Promise<void> => {
  for (let turn = 0; turn < 3; turn++) await nextTurn();
};

class Program {
  readonly #model = new Model();
  readonly #random: Random;
  readonly #group: TaskGroup;
  readonly #tasks: { readonly call: Call; readonly task: Task<string> }[] = [];
  readonly #log: string[] = [];
  #item = 0;

  constructor(random: Random, group: TaskGroup) {
    this.#random = random;
    this.#group = group;
    for (const capacity of [[0, 1, 2, Infinity][random(4)]!, 0]) {
      const [sender, receiver] = channel<number>(capacity);
      const at: ModelChannel = { capacity, buffer: [], ends: [] };
      at.ends.push({ channel: at, kind: "send", real: sender, isOpen: true }, { channel: at, kind: "receive", real: receiver, isOpen: true });
      this.#model.channels.push(at);
    }
  }

  async run(): Promise<void> {
    for (let turn = 0; turn < 12; turn++) {
      for (let steps = this.#random(4); steps >= 0; steps--) this.#step();
      await turns();
      this.#compare();
    }
    this.#group.cancel();
  }

  #step(): void {
    const what = this.#random(20);
    if (what < 9) this.#call(this.#random(4) === 0 ? 1 + this.#random(3) : 1);
    else if (what < 14) this.#try();
    else if (what < 17) this.#cancel();
    else if (what < 19) this.#clone();
    else if (this.#random(3) === 0) this.#close();
  }

  #case(): Case {
    const ends = this.#model.channels.flatMap((one) => one.ends);
    return { end: ends[this.#random(ends.length)]!, item: ++this.#item };
  }

  #call(count: number): void {
    const call: Call = { cases: Array.from({ length: count }, () => this.#case()), result: undefined };
    const isIteration = this.#random(3) === 0;
    this.#model.begin(call);
    this.#note(call.cases.map((one) => this.#name(one.end)).join(" or "));
    this.#tasks.push({ call, task: this.#group.spawn((scope) => told(call.cases, scope, isIteration)) });
  }

  #try(): void {
    const one = this.#case();
    const call: Call = { cases: [one], result: undefined };
    this.#model.begin(call);
    // A call that does not wait leaves no waiter.
    if (call.result === undefined) this.#model.calls.pop();
    this.#note(`try ${this.#name(one.end)}`);
    assert.equal(attempt(one), call.result, this.#told());
  }

  #cancel(): void {
    const one = this.#tasks[this.#random(Math.max(this.#tasks.length, 1))];
    if (one === undefined) return;
    this.#note(`cancel ${this.#tasks.indexOf(one)}`);
    one.task.cancel();
    one.call.result ??= "cancelled";
  }

  #clone(): void {
    const { end } = this.#case();
    if (!end.isOpen) return;
    this.#note(`clone ${this.#name(end)}`);
    end.channel.ends.push({ ...end, real: end.real.clone() });
  }

  #close(): void {
    const { end } = this.#case();
    if (!end.isOpen) return;
    this.#note(`close ${this.#name(end)}`);
    end.real.close();
    this.#model.close(end);
  }

  #compare(): void {
    this.#note("…");
    for (const { call, task } of this.#tasks) {
      const { outcome } = task;
      const real = outcome === undefined ? undefined : outcome.status === "succeeded" ? outcome.value : outcome.status === "cancelled" ? "cancelled" : `failed: ${String(outcome.error)}`;
      const fits = real === undefined || call.result === undefined ? real === call.result : same(real, call.result);
      if (!fits) assert.equal(real, call.result, this.#told());
    }
    for (const at of this.#model.channels) {
      const { buffered, senders, receivers, waitingSenders, waitingReceivers } = at.ends[0]!.real.statistics();
      const expected = [at.buffer.length, this.#model.open(at, "send"), this.#model.open(at, "receive"), this.#model.waiting(at, "send").length, this.#model.waiting(at, "receive").length];
      assert.deepEqual([buffered, senders, receivers, waitingSenders, waitingReceivers], expected, this.#told());
    }
  }

  #name({ channel: at, kind, real }: End): string {
    return `${kind} ${this.#model.channels.indexOf(at)}.${at.ends.findIndex((end) => end.real === real)}`;
  }

  #note(line: string): void {
    this.#log.push(line);
  }

  #told(): string {
    const capacities = this.#model.channels.map(({ capacity }) => capacity).join(" and ");
    return `capacities ${capacities}\n${this.#log.join("\n")}`;
  }
}

async function runSeed(seed: number): Promise<void> {
  try {
    await taskGroup((group) => new Program(chance(seed), group).run()).catch((error: unknown) => {
      if (!(error instanceof CancelledError)) throw error;
    });
  } catch (error) {
    throw new Error(`CHANNEL_SEED=${seed} shows it again`, { cause: error });
  }
}

test("channels and select() do what the model does, whatever is called, cancelled and closed", async (t) => {
  const one = variable("CHANNEL_SEED");
  if (one !== undefined) return runSeed(Number(one));
  const first = 1;
  const count = programs(Number(variable("CHANNEL_PROGRAMS") ?? 1_000));
  t.diagnostic(`seeds ${first} to ${first + count - 1}`);
  for (let seed = first; seed < first + count; seed++) await runSeed(seed);
});
