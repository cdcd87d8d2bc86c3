/** `select` over channels, a broadcast and a `latest`, beside lists of items that are searched from the front (Z1 to Z6). */
import { broadcast, channel, latest, type Receiver, select, type Selectable, type Sender, sending } from "espalier/channel";
import { type Beside, besideModel, type Call, waiting, wordOf } from "../../tests/model/beside.ts";

interface Source {
  readonly name: string;
  readonly receiver: Receiver<number>;
  /** Undefined where nothing is sent by a case of a select: into a broadcast, a latest. */
  readonly sender: Sender<number> | undefined;
  readonly offer: (item: number) => boolean;
  readonly close: () => void;
  readonly capacity: number;
  /** Whether what was not received makes room for what is new. */
  readonly drops: boolean;
  readonly items: number[];
  isClosed: boolean;
}

interface Case {
  readonly source: Source;
  /** What is sent; undefined to receive. */
  readonly item: number | undefined;
}

interface Selecting extends Call {
  readonly cases: readonly Case[];
}

function sources(): Source[] {
  const plain = (capacity: number): Source => {
    const [sender, receiver] = channel<number>(capacity);
    return { name: `channel ${capacity}`, receiver, sender, offer: (item) => sender.trySend(item), close: () => sender.close(), capacity, drops: false, items: [], isClosed: false };
  };
  const [hub, subscribe] = broadcast<number>(2, { slow: "dropOldest" });
  const state = latest(0);
  const set = (item: number): boolean => (state.set(item), true);
  return [
    plain(0),
    plain(0),
    plain(2),
    { name: "broadcast", receiver: subscribe(), sender: undefined, offer: (item) => hub.trySend(item), close: () => hub.close(), capacity: 2, drops: true, items: [], isClosed: false },
    { name: "latest", receiver: state.subscribe(), sender: undefined, offer: set, close: () => state.close(), capacity: 1, drops: true, items: [0], isClosed: false },
  ];
}

class Model {
  readonly calls: Selecting[] = [];

  /** "Of those that are possible at once, the first in the list is taken." */
  begin(call: Selecting): void {
    for (const [index, { source, item }] of call.cases.entries()) {
      const word = item === undefined ? this.take(source) : this.give(source, item);
      if (word === undefined) continue;
      call.came = word === "CLOSED" ? word : `${index}: ${word}`;
      break;
    }
    this.calls.push(call);
  }

  give(source: Source, item: number): string | undefined {
    if (source.isClosed) return "CLOSED";
    const taker = this.#first(source, false);
    if (taker !== undefined) taker[0].came = `${taker[1]}: ${item}`;
    else {
      if (source.drops && source.items.length === source.capacity) source.items.shift();
      if (source.items.length === source.capacity) return undefined;
      source.items.push(item);
    }
    return "put";
  }

  take(source: Source): string | undefined {
    const giver = this.#first(source, true);
    if (giver !== undefined) {
      giver[0].came = `${giver[1]}: put`;
      source.items.push(giver[0].cases[giver[1]]!.item!);
    }
    return source.items.shift()?.toString() ?? (source.isClosed ? "end" : undefined);
  }

  close(source: Source): void {
    source.isClosed = true;
    for (let next = this.#first(source, true); next !== undefined; next = this.#first(source, true)) next[0].came = "CLOSED";
    for (let next = this.#first(source, false); next !== undefined; next = this.#first(source, false)) next[0].came = `${next[1]}: end`;
  }

  /** Who has waited for longest there, and with which of its cases. */
  #first(source: Source, sends: boolean): [Selecting, number] | undefined {
    for (const call of waiting(this.calls)) {
      const index = call.cases.findIndex((one) => one.source === source && (one.item !== undefined) === sends);
      if (index >= 0) return [call, index];
    }
    return undefined;
  }
}

class Driver {
  readonly #beside: Beside;
  readonly #model = new Model();
  readonly #sources = sources();
  #item = 0;

  constructor(beside: Beside) {
    this.#beside = beside;
  }

  step(): void {
    const { random } = this.#beside;
    const source = random.pick(this.#sources);
    const what = random.weighted({ select: 5, offer: 4, take: 2, cancel: 3, close: 0.1 });
    if (what === "select") this.#select();
    else if (what === "offer") this.#offer(source);
    else if (what === "take") this.#take(source);
    else if (what === "cancel") this.#beside.cancel(random.chance(0.4) ? () => (random.chance(0.5) ? this.#offer(source) : this.#take(source)) : undefined);
    else this.#close(source);
    this.compare();
  }

  /** Nobody waits in a channel who has been served in another one. */
  compare(): void {
    const real = this.#sources.map(({ receiver }) => receiver.statistics());
    const cases = waiting(this.#model.calls).flatMap((call) => call.cases);
    const model = this.#sources.map((source) => {
      const own = cases.filter((one) => one.source === source);
      const senders = own.filter(({ item }) => item !== undefined).length;
      return [source.items.length, senders, own.length - senders];
    });
    this.#beside.same("→", real.map((one) => [one.buffered, one.waitingSenders, one.waitingReceivers]), model);
  }

  #select(): void {
    const { random } = this.#beside;
    const cases = Array.from({ length: random.int(1, 4) }, (): Case => {
      const source = random.pick(this.#sources);
      return { source, item: source.sender !== undefined && random.chance(0.5) ? ++this.#item : undefined };
    });
    const call: Selecting = { cases, came: undefined };
    this.#model.begin(call);
    const what = cases.map(({ source, item }) => `${item ?? "from"} ${source.name}`).join(" or ");
    this.#beside.make(what, call, async (scope) => {
      const list = cases.map(({ source, item }): Selectable => (item === undefined ? source.receiver : sending(source.sender!, item)));
      const { index, done, value } = await select(list, scope);
      return `${index}: ${done ? "end" : cases[index]!.item === undefined ? String(value) : "put"}`;
    });
  }

  #offer(source: Source): void {
    const item = ++this.#item;
    const real = wordOf(() => (source.offer(item) ? "put" : "no room"));
    this.#beside.same(`${item} into ${source.name}`, real, this.#model.give(source, item) ?? "no room");
  }

  #take(source: Source): void {
    const real = wordOf(() => String(source.receiver.tryReceive()?.value ?? "nothing")).replace("ENDED", "end");
    this.#beside.same(`try ${source.name}`, real, this.#model.take(source) ?? "nothing");
  }

  #close(source: Source): void {
    this.#beside.note(`close ${source.name}`);
    source.close();
    this.#model.close(source);
  }
}

besideModel("select() takes one of its cases, in its turn and the first of those that are possible, and leaves nothing in the others", 200, async (beside) => {
  const driver = new Driver(beside);
  for (let turn = 0; turn < 30; turn++) {
    for (let calls = beside.random.int(1, 4); calls > 0; calls--) driver.step();
    await beside.settle();
  }
  beside.cancelAll();
  driver.compare();
  await beside.settle();
});
