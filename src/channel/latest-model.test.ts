/** A `latest` beside a value, and for each watcher what it has not seen yet. */
import { latest, type Receiver } from "espalier/channel";
import { type Beside, besideModel, type Call, waiting, wordOf } from "../../tests/model/beside.ts";

/** One subscription: "each watcher sees the newest value, and not all that were between". */
class Watcher {
  real: Receiver<number> | undefined;
  isClosed = false;
  unseen: number | undefined;
  readonly line: Call[] = [];
  /** What `until` and `values` do with each value: undefined while they go on. */
  looks: ((value: number) => string | undefined) | undefined;
  /** Handed over, and not looked at before the turn is over. */
  hand: number | undefined;

  constructor(value: number) {
    this.unseen = value;
  }
}

class Model {
  value = 0;
  isClosed = false;
  readonly watchers: Watcher[] = [];

  /** Who waits for it gets it, the longest first; else it replaces what was not seen. */
  set(value: number): void {
    if (value === this.value) return;
    this.value = value;
    for (const watcher of this.open()) {
      watcher.unseen = value;
      this.serve(watcher);
    }
  }

  receive(watcher: Watcher, call: Call): void {
    watcher.line.push(call);
    this.serve(watcher);
  }

  serve(watcher: Watcher): void {
    const [call] = waiting(watcher.line);
    if (call === undefined) return;
    if (watcher.isClosed) call.came = "CLOSED";
    else if (watcher.unseen !== undefined) {
      if (watcher.looks === undefined) call.came = `got ${watcher.unseen}`;
      else if (watcher.hand === undefined) watcher.hand = watcher.unseen;
      else return;
      watcher.unseen = undefined;
    } else if (this.isClosed && watcher.hand === undefined) call.came = "ENDED";
    else return;
    this.serve(watcher);
  }

  open(): Watcher[] {
    return this.watchers.filter((one) => !one.isClosed);
  }

  /** Those who look go on: with the newest, until there is none. */
  endTurn(): void {
    for (const watcher of this.open()) {
      const call = watcher.line[0];
      while (call !== undefined && watcher.hand !== undefined) {
        const word = watcher.looks!(watcher.hand);
        watcher.hand = undefined;
        // What was handed over is looked at also by the cancelled, who then wait no more.
        if (word !== undefined) call.came = word;
        else if (call.came === "to be cancelled") call.came = "cancelled";
        this.serve(watcher);
      }
      if (watcher.looks !== undefined && call?.came !== undefined) watcher.isClosed = true;
    }
  }
}

class Driver {
  readonly #beside: Beside;
  readonly #model = new Model();
  readonly #state = latest(0);

  constructor(beside: Beside) {
    this.#beside = beside;
  }

  step(): void {
    const { random } = this.#beside;
    const own = this.#model.watchers.filter((one) => one.looks === undefined);
    const what = random.weighted({ set: 6, subscribe: own.length < 4 ? 3 : 0.3, until: 2, values: 1, cancel: 3, end: 0.1, ...(own.length > 0 ? { receive: 6, try: 3, close: 0.7 } : {}) });
    if (what === "set") this.#set(random.int(0, 3));
    else if (what === "cancel") this.#beside.cancel(random.chance(0.3) ? () => this.#set(random.int(0, 3)) : undefined);
    else if (what === "end") this.#end();
    else if (what === "until") this.#until(random.int(0, 3));
    else if (what === "values") this.#values(random.int(2, 4));
    else if (what === "subscribe") this.#watch().real = this.#state.subscribe();
    else this.#use(random.pick(own), what);
    this.#beside.same("→", [this.#state.value, this.#state.closed], [this.#model.value, this.#model.isClosed]);
  }

  async settle(): Promise<void> {
    this.#model.endTurn();
    await this.#beside.settle();
    const open = this.#model.isClosed ? [] : this.#model.open();
    const { receivers, waitingReceivers } = this.#state.statistics();
    this.#beside.same("… →", [receivers, waitingReceivers], [open.length, open.reduce((sum, { line }) => sum + waiting(line).length, 0)]);
  }

  async end(): Promise<void> {
    for (const watcher of this.#model.open()) if (watcher.looks === undefined) this.#use(watcher, "close");
    this.#beside.cancelAll();
    await this.settle();
    this.#beside.same("watchers at last", this.#state.statistics().receivers, 0);
  }

  #set(value: number): void {
    const real = wordOf(() => (this.#state.set(value), "set"));
    this.#beside.same(`set ${value}`, real, this.#model.isClosed ? "CLOSED" : "set");
    if (!this.#model.isClosed) this.#model.set(value);
  }

  #end(): void {
    this.#beside.note("the end");
    this.#state.close();
    this.#model.isClosed = true;
    for (const watcher of this.#model.watchers) this.#model.serve(watcher);
  }

  #watch(): Watcher {
    const watcher = new Watcher(this.#model.value);
    this.#model.watchers.push(watcher);
    return watcher;
  }

  #use(watcher: Watcher, what: "receive" | "try" | "close"): void {
    const name = this.#model.watchers.indexOf(watcher);
    const call: Call = { came: undefined };
    if (what === "close") {
      this.#beside.note(`close ${name}`);
      watcher.real!.close();
      watcher.isClosed = true;
      return this.#model.serve(watcher);
    }
    this.#model.receive(watcher, call);
    if (what === "receive") return this.#beside.make(`receive ${name}`, call, async (scope) => `got ${await watcher.real!.receive(scope)}`);
    call.came ??= "got undefined";
    this.#beside.same(`try ${name}`, wordOf(() => `got ${watcher.real!.tryReceive()?.value}`), call.came);
  }

  #until(wanted: number): void {
    const call = this.#look((value) => (value >= wanted ? `got ${value}` : undefined));
    this.#beside.make(`until ${wanted}`, call, async (scope) => `got ${await this.#state.until((value) => value >= wanted, scope)}`);
  }

  #values(most: number): void {
    const [seen, real]: [number[], number[]] = [[], []];
    const call = this.#look((value) => (seen.push(value) === most ? seen.join() : undefined));
    this.#beside.make(`${most} values`, call, async (scope) => {
      for await (const value of this.#state.values(scope)) if (real.push(value) === most) return real.join();
      return "ENDED";
    });
  }

  /** Cancelled, it first looks at what it was handed. */
  #look(looks: (value: number) => string | undefined): Call {
    const watcher = this.#watch();
    watcher.looks = looks;
    const call: Call = { came: undefined, cancelled: () => (call.came = watcher.hand === undefined ? "cancelled" : "to be cancelled") };
    this.#model.receive(watcher, call);
    return call;
  }
}

besideModel("a latest shows each watcher the newest value, whoever sets, looks, waits, leaves and is cancelled", 200, async (beside) => {
  const driver = new Driver(beside);
  for (let turn = 0; turn < 30; turn++) {
    for (let calls = beside.random.int(1, 4); calls > 0; calls--) driver.step();
    await driver.settle();
  }
  await driver.end();
});
