/** A Condition beside two lines, one for the lock and one of those who wait to be notified. */
import { Condition, type ConditionGuard } from "espalier/sync";
import { type Beside, besideModel, type Call, waiting, wordOf } from "../../tests/model/beside.ts";

interface User {
  guard: ConditionGuard | undefined;
}

/** Somebody in one of the lines. Who only wants the lock is gone when it is cancelled: that has no `cancelled`. */
interface Turn extends Call {
  readonly user: User;
  isCancelled: boolean;
}

const turnOf = (user: User): Turn => ({ user, came: undefined, isCancelled: false });

/**
 * "Lets the lock go, waits until it is notified, and holds the lock again when it goes on", also when it is cancelled; "the
 * longest first"; "a notification that reaches a waiter which is cancelled goes on to the next".
 */
class Model {
  holder: User | undefined;
  readonly line: Turn[] = [];
  readonly waiting: Turn[] = [];
  /** Cancelled in this turn: they line up for the lock when they go on. */
  readonly #returning: Turn[] = [];

  acquire(turn: Turn): void {
    this.line.push(turn);
    this.#goOn();
  }

  release(): void {
    this.holder = undefined;
    this.#goOn();
  }

  wait(user: User): Turn {
    const turn = turnOf(user);
    turn.cancelled = () => this.#cancel(turn);
    this.waiting.push(turn);
    this.release();
    return turn;
  }

  notify(count: number): void {
    this.line.push(...this.waiting.splice(0, count));
  }

  /** Who was notified or cancelled, and does not hold the lock yet, waits too. */
  isWaiting(user: User): boolean {
    return [...this.waiting, ...this.line, ...this.#returning].some((turn) => turn.user === user && turn.cancelled !== undefined);
  }

  endTurn(): void {
    for (const turn of this.#returning.splice(0)) this.acquire(turn);
  }

  #cancel(turn: Turn): void {
    if (turn.isCancelled) return;
    turn.isCancelled = true;
    const wasNotified = this.line.includes(turn);
    const from = wasNotified ? this.line : this.waiting;
    from.splice(from.indexOf(turn), 1);
    if (wasNotified) this.notify(1);
    this.#returning.push(turn);
  }

  #goOn(): void {
    while (this.holder === undefined) {
      const next = this.line.shift();
      if (next === undefined) return;
      if (next.came !== undefined) continue;
      this.holder = next.user;
      next.came = next.isCancelled ? "cancelled" : "holds";
    }
  }
}

class Driver {
  readonly #beside: Beside;
  readonly #model = new Model();
  readonly #condition = new Condition();
  readonly #users: User[] = [];

  constructor(beside: Beside) {
    this.#beside = beside;
  }

  /** `holder`: who has held the lock since before this turn, and so knows it. */
  step(holder: User | undefined): void {
    const { random } = this.#beside;
    const isHeld = holder !== undefined && holder === this.#model.holder;
    const tell = (): void => {
      if (random.chance(0.5)) this.#notify(holder!);
      if (random.chance(0.5)) this.#release(holder!);
    };
    const what = random.weighted({ acquire: 4, try: 1, cancel: 3, stranger: 1, ...(isHeld ? { wait: 6, notify: 4, release: 3 } : {}) });
    if (what === "acquire") this.#acquire();
    else if (what === "try") this.#try();
    else if (what === "cancel") this.#beside.cancel(isHeld && random.chance(0.5) ? tell : undefined);
    else if (what === "stranger") this.#misuse();
    else if (what === "wait") this.#wait(holder!);
    else if (what === "notify") this.#notify(holder!);
    else this.#release(holder!);
    const { holder: next, line, waiting: unnotified } = this.#model;
    this.#beside.same("→", this.#condition.statistics(), { locked: next !== undefined, waiting: unnotified.length, inLine: waiting(line).length });
  }

  async settle(): Promise<User | undefined> {
    this.#model.endTurn();
    await this.#beside.settle();
    return this.#model.holder;
  }

  async end(): Promise<void> {
    this.#beside.cancelAll();
    for (let holder = await this.settle(); holder !== undefined; holder = await this.settle()) this.#release(holder);
    this.#beside.same("at last", this.#condition.statistics(), { locked: false, waiting: 0, inLine: 0 });
  }

  #acquire(): void {
    const turn = turnOf(this.#user());
    this.#model.acquire(turn);
    this.#beside.make("acquire", turn, async (scope) => {
      turn.user.guard = await this.#condition.acquire(scope);
      return "holds";
    });
  }

  #try(): void {
    const user = this.#user();
    user.guard = this.#condition.tryAcquire();
    this.#beside.same("try", user.guard !== undefined, this.#model.holder === undefined);
    if (user.guard !== undefined) this.#model.acquire(turnOf(user));
  }

  #wait(holder: User): void {
    this.#beside.make("wait", this.#model.wait(holder), async (scope) => {
      await holder.guard!.wait(scope);
      return "holds";
    });
  }

  #notify(holder: User): void {
    const count = this.#beside.random.pick([1, 1, 2, 3, Infinity]);
    this.#beside.note(`notify ${count}`);
    holder.guard![count === Infinity ? "notifyAll" : "notify"](count);
    this.#model.notify(count);
  }

  #release(holder: User): void {
    this.#beside.note("release");
    holder.guard!.release();
    this.#model.release();
  }

  /** One that does not hold the lock may neither notify, nor give back while it waits. */
  #misuse(): void {
    const user = this.#users.findLast(({ guard }) => guard !== undefined && guard !== this.#model.holder?.guard);
    if (user === undefined) return;
    const told = (call: () => void): string => wordOf(() => (call(), "done"));
    this.#beside.same("a stranger's notify", told(() => user.guard!.notify()), "NOT_HELD");
    this.#beside.same("its release", told(() => user.guard!.release()), this.#model.isWaiting(user) ? "NOT_HELD" : "done");
  }

  #user(): User {
    return this.#users[this.#users.push({ guard: undefined }) - 1]!;
  }
}

besideModel("a Condition notifies the longest first, gives the lock back in the order of coming, and loses no notification", 150, async (beside) => {
  const driver = new Driver(beside);
  for (let turn = 0; turn < 50; turn++) {
    const holder = await driver.settle();
    for (let calls = beside.random.int(1, 4); calls > 0; calls--) driver.step(holder);
  }
  await driver.end();
});
