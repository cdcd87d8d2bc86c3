/** A ResourcePool beside a list of applicants, and a record of each resource. */
import assert from "node:assert/strict";
import { CancelledError, type Scope, type Task } from "espalier";
import { Event, type Lease, ResourcePool } from "espalier/sync";
import { type Beside, besideModel, codeOf } from "../../../tests/model/beside.ts";
import { type Resource, Stock } from "../../../tests/model/stock.ts";

interface Applicant {
  readonly cameAt: number;
  is: "waiting" | "served" | "holding" | "gone";
  isCancelled: boolean;
  /** Whether the turn in which it came is over. */
  isSettled: boolean;
  task?: Task<void>;
  lease?: Lease<Resource>;
}

/** Which resource comes when is left to the pool; who comes when is not. */
class Office {
  readonly pool: ResourcePool<Resource>;
  /** Where the pool lives. */
  readonly home: Task<void>;
  readonly applicants: Applicant[] = [];
  readonly #stock: Stock;
  readonly #beside: Beside;
  readonly #closing = new Event();
  readonly #scopes = new Map<Scope, Applicant>();

  constructor(beside: Beside) {
    this.#beside = beside;
    const stock = (this.#stock = new Stock(beside, (scope) => this.#serve(this.#scopes.get(scope)!)));
    let pool!: ResourcePool<Resource>;
    const home = async (scope: Scope): Promise<void> => {
      const closed = scope.group((own) => {
        pool = new ResourcePool(own, stock.handlers);
        return this.#closing.wait(own);
      });
      await closed.finally(() => assert.deepEqual(stock.left, [], "the pool's group ended before all was destroyed"));
    };
    this.home = beside.group.spawn(home);
    this.pool = pool;
  }

  those(...states: Applicant["is"][]): Applicant[] {
    return this.applicants.filter(({ is }) => states.includes(is));
  }

  apply(): void {
    const one: Applicant = { cameAt: this.#beside.clock.now(), is: "waiting", isCancelled: false, isSettled: false };
    const number = this.applicants.push(one) - 1;
    this.#beside.note(`${number}: acquire`);
    one.task = this.#beside.group.spawn(async (scope) => {
      this.#scopes.set(scope, one);
      try {
        const lease = (one.lease = await this.pool.acquire(scope));
        assert.equal(this.home.outcome, undefined, "lent by a pool that has ended");
        assert.equal(lease.resource.is, "looked at", `it was lent to ${number}`);
        lease.resource.is = "lent";
        one.is = "holding";
      } catch (error) {
        this.#failed(one, error);
        one.is = "gone";
      }
    });
  }

  giveBack(one: Applicant, how: "release" | "discard"): void {
    this.#beside.note(`${how} ${this.applicants.indexOf(one)}`);
    this.#stock.takeBack(one.lease!.resource, how);
    one.is = "gone";
    one.lease![how]();
  }

  cancel(one: Applicant): void {
    this.#beside.note(`cancel ${this.applicants.indexOf(one)}`);
    one.isCancelled = true;
    one.task!.cancel();
  }

  close(): void {
    this.#beside.note("close");
    this.#stock.isClosing = true;
    if (this.#beside.random.chance(0.5)) this.#closing.set();
    else this.home.cancel();
  }

  /** What is true whenever all wait. */
  check(): void {
    const { max, acquireTimeout } = this.#stock.options;
    const { lent, idle, waiting } = this.pool.statistics();
    const [line, served] = [this.#line(), this.those("served", "holding").length];
    this.#beside.same("→", { lent, idle, waiting }, { lent: this.those("holding").length, idle: this.#stock.idle.length, waiting: line.length });
    assert.ok(served + idle <= max, `there are more than ${max}\n${this.#beside.told()}`);
    assert.ok(line.length === 0 || served === max, `somebody waits though there are fewer than ${max}\n${this.#beside.told()}`);
    for (const one of line) assert.ok(this.#beside.clock.now() - one.cameAt < acquireTimeout, `waits too long\n${this.#beside.told()}`);
    this.#stock.check();
    for (const one of this.applicants) one.isSettled = true;
  }

  #line(): Applicant[] {
    return this.those("waiting").filter((one) => !one.isCancelled);
  }

  /** Its turn has come: of those who waited before this turn, nobody did for longer. */
  #serve(one: Applicant): void {
    if (one.is === "served") return;
    const earlier = this.applicants.slice(0, this.applicants.indexOf(one));
    assert.ok(!one.isSettled || !this.#line().some((other) => earlier.includes(other)), `overtakes\n${this.#beside.told()}`);
    one.is = "served";
    assert.ok(this.those("served", "holding").length <= this.#stock.options.max, "too many are served");
  }

  #failed(one: Applicant, error: unknown): void {
    if (error instanceof CancelledError && one.isCancelled) return;
    const code = codeOf(error);
    if (code === "CLOSED") return assert.ok(this.#stock.isClosing, code);
    if (code === "POOL_EXHAUSTED") return assert.deepEqual([one.is, this.#beside.clock.now() - one.cameAt], ["waiting", this.#stock.options.acquireTimeout]);
    assert.deepEqual([one.is, code], ["served", "PLANNED"]);
  }
}

besideModel("a ResourcePool never has more than max, lends each to one at a time and in the order of coming, and leaves none behind", 120, async (beside) => {
  const { random } = beside;
  const office = new Office(beside);
  for (let turn = 0; turn < 40; turn++) {
    for (let calls = random.int(1, 4); calls > 0; calls--) {
      const what = random.weighted({ acquire: 5, release: 4, discard: 1, cancel: 1.5 });
      const able = what === "cancel" ? office.those("waiting", "served") : office.those("holding");
      if (what === "acquire") office.apply();
      else if (able.length === 0) continue;
      else if (what === "cancel") office.cancel(random.pick(able));
      else office.giveBack(random.pick(able), what);
    }
    await beside.settle();
    office.check();
    await beside.settle(random.pick([0, 1, 2, 5, 20]));
    office.check();
  }
  for (let calls = random.int(0, 3); calls > 0; calls--) office.apply();
  office.close();
  for (let rounds = 0; rounds < 30; rounds++) {
    for (const one of office.those("holding")) office.giveBack(one, "release");
    await beside.settle(10);
  }
  office.apply();
  await beside.settle();
  assert.ok(office.home.outcome !== undefined, `the pool's group does not end\n${beside.told()}`);
  assert.deepEqual(office.those("waiting", "served", "holding"), [], "somebody waits for a pool that has ended");
});
