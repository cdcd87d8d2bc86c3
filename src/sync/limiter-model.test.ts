/** A CapacityLimiter whose total changes, and whose places are borrowed by name, beside a list of borrowers and a line. */
import { CapacityLimiter, type Guard } from "espalier/sync";
import { type Beside, besideModel, type Call, waiting, wordOf } from "../../tests/model/beside.ts";

interface Loan extends Call {
  /** Undefined for a borrower that nobody else has. */
  readonly key: string | undefined;
}

/** "So many places", "the same key cannot borrow twice", "first come, first served": Y1 to Y5. */
class Model {
  total: number;
  readonly lent: Loan[] = [];
  readonly line: Loan[] = [];

  constructor(total: number) {
    this.total = total;
  }

  get available(): number {
    return Math.max(0, this.total - this.lent.length);
  }

  apply(loan: Loan): void {
    if (this.#knows(loan)) loan.came = "ALREADY_BORROWED";
    else this.line.push(loan);
    this.handOut();
  }

  /** As somebody who goes away where he would have to wait. */
  try(loan: Loan): void {
    if (this.#knows(loan)) loan.came = "ALREADY_BORROWED";
    else if (this.available === 0) loan.came = "nothing";
    else this.apply(loan);
  }

  giveBack(loan: Loan | undefined): void {
    if (loan !== undefined && this.lent.includes(loan)) this.lent.splice(this.lent.indexOf(loan), 1);
    this.handOut();
  }

  handOut(): void {
    for (const loan of waiting(this.line).slice(0, this.available)) {
      loan.came = "lent";
      this.lent.push(loan);
    }
  }

  #knows({ key }: Loan): boolean {
    return key !== undefined && [...this.lent, ...waiting(this.line)].some((one) => one.key === key);
  }
}

class Driver {
  readonly #beside: Beside;
  readonly #model: Model;
  readonly #limiter: CapacityLimiter;
  /** All guards there ever were: those that were given back do nothing. */
  readonly #guards = new Map<Loan, Guard>();

  constructor(beside: Beside, total: number) {
    this.#beside = beside;
    this.#model = new Model(total);
    this.#limiter = new CapacityLimiter(total);
  }

  step(): void {
    const { random } = this.#beside;
    const key = random.pick(["a", "b", "c", undefined, undefined]);
    switch (random.weighted({ acquire: 6, try: 2, release: 4, releaseFor: 2, total: 2, cancel: 3 })) {
      case "acquire":
        return this.#acquire({ key, came: undefined });
      case "try":
        return this.#try({ key, came: undefined });
      case "release":
        return this.#release();
      case "releaseFor":
        return this.#releaseFor(key ?? "a");
      case "total":
        return this.#resize(random.pick([0, 1, 2, 3, 4, Infinity]));
      case "cancel":
        return this.#beside.cancel(random.chance(0.3) ? () => this.#release() : undefined);
    }
  }

  /** What the limiter tells, after each call: what comes free is lent in the call that frees it. */
  compare(): void {
    const { total, borrowed, borrowers, waiting: count } = this.#limiter.statistics();
    const keys = borrowers.filter((one) => typeof one === "string").toSorted();
    this.#beside.same(
      `→ ${borrowed} of ${total}, ${count} wait`,
      { total, borrowed, keys, waiting: count, available: this.#limiter.available },
      {
        total: this.#model.total,
        borrowed: this.#model.lent.length,
        keys: this.#model.lent.flatMap(({ key }) => key ?? []).toSorted(),
        waiting: waiting(this.#model.line).length,
        available: this.#model.available,
      },
    );
  }

  async end(): Promise<void> {
    this.#beside.cancelAll();
    await this.#beside.settle();
    for (const [loan, guard] of this.#guards) {
      guard.release();
      this.#model.giveBack(loan);
    }
    this.compare();
    this.#beside.same("all is given back", this.#limiter.statistics().borrowed, 0);
  }

  #acquire(loan: Loan): void {
    this.#model.apply(loan);
    this.#beside.make(`acquire ${loan.key ?? ""}`, loan, async (scope) => {
      this.#guards.set(loan, await (loan.key === undefined ? this.#limiter.acquire(scope) : this.#limiter.acquireFor(loan.key, scope)));
      return "lent";
    });
  }

  #try(loan: Loan): void {
    this.#model.try(loan);
    const real = wordOf(() => {
      const guard = this.#limiter.tryAcquire(loan.key);
      if (guard === undefined) return "nothing";
      this.#guards.set(loan, guard);
      return "lent";
    });
    this.#beside.same(`try ${loan.key ?? ""}`, real, loan.came);
  }

  /** Any guard, also one that was given back before, and whose borrower has borrowed anew. */
  #release(): void {
    if (this.#guards.size === 0) return;
    const [loan, guard] = this.#beside.random.pick([...this.#guards].slice(-6));
    this.#beside.note(`release ${loan.key ?? "one"}`);
    guard.release();
    this.#model.giveBack(loan);
  }

  #releaseFor(key: string): void {
    const loan = this.#model.lent.find((one) => one.key === key);
    const real = wordOf(() => {
      this.#limiter.releaseFor(key);
      return "given back";
    });
    this.#model.giveBack(loan);
    this.#beside.same(`releaseFor ${key}`, real, loan === undefined ? "NOT_BORROWED" : "given back");
  }

  #resize(total: number): void {
    this.#beside.note(`total = ${total}`);
    this.#limiter.total = this.#model.total = total;
    this.#model.handOut();
  }
}

besideModel("a CapacityLimiter lends its places, as many as there are from time to time, once each and in the order of coming", 200, async (beside) => {
  const driver = new Driver(beside, beside.random.int(0, 3));
  for (let turn = 0; turn < 30; turn++) {
    for (let calls = beside.random.int(1, 4); calls > 0; calls--) {
      driver.step();
      driver.compare();
    }
    await beside.settle();
  }
  await driver.end();
});
