/**
 * The resources of a ResourcePool, as their record shows them: slow to make, they fail, go bad and grow old. What the pool does
 * with each must be as its documentation has it.
 */
import assert from "node:assert/strict";
import { type Scope, sleep } from "espalier";
import type { ResourcePoolOptions } from "espalier/sync";
import { type Beside, codeOf } from "./beside.ts";

export class Resource {
  is: "looked at" | "lent" | "idle" | "over" | "being destroyed" | "gone" = "looked at";
  readonly madeAt: number;
  /** When it came back. */
  since = 0;

  constructor(madeAt: number) {
    this.madeAt = madeAt;
  }
}

export class Stock {
  readonly options: { readonly [K in "max" | "min" | "idleTime" | "lifeTime" | "acquireTimeout"]: number };
  /** What the pool is given. `serve` is told for whom one is made or looked at. */
  readonly handlers: ResourcePoolOptions<Resource>;
  isClosing = false;
  readonly #all: Resource[] = [];
  readonly #beside: Beside;

  constructor(beside: Beside, serve: (scope: Scope) => void) {
    const { random } = (this.#beside = beside);
    const max = random.int(1, 3);
    this.options = { max, min: random.int(0, max), idleTime: random.pick([5, 20, Infinity]), lifeTime: random.pick([15, 50, Infinity]), acquireTimeout: random.pick([8, 30, Infinity]) };
    beside.note(JSON.stringify(this.options));
    this.handlers = {
      ...this.options,
      create: (scope) => {
        serve(scope);
        return this.#create(scope);
      },
      validate: (resource, scope) => {
        serve(scope);
        return this.#validate(resource, scope);
      },
      destroy: (resource, scope) => this.#destroy(resource, scope),
      onDestroyError: (error) => assert.equal(codeOf(error), "PLANNED"),
    };
  }

  /** All that are not destroyed yet. */
  get left(): Resource[] {
    return this.#all.filter(({ is }) => is !== "gone");
  }

  get idle(): Resource[] {
    return this.#all.filter(({ is }) => is === "idle");
  }

  takeBack(resource: Resource, how: "release" | "discard"): void {
    resource.is = how === "release" ? "idle" : "over";
    resource.since = this.#now;
  }

  /** What is true whenever all wait. */
  check(): void {
    for (const one of this.idle) {
      assert.ok(!this.#isOld(one), `is too old\n${this.#beside.told()}`);
      assert.ok(!this.#isBored(one) || this.#alive <= this.options.min, `is idle for too long, of ${this.#alive}\n${this.#beside.told()}`);
    }
  }

  get #now(): number {
    return this.#beside.clock.now();
  }

  get #alive(): number {
    return this.#all.filter(({ is }) => is === "idle" || is === "lent" || is === "looked at").length;
  }

  #isOld({ madeAt }: Resource): boolean {
    return this.#now - madeAt >= this.options.lifeTime;
  }

  #isBored({ since }: Resource): boolean {
    return this.#now - since >= this.options.idleTime;
  }

  /** When the last one came back that is idle, and good in any case. */
  #lastBack(): number | undefined {
    const good = this.idle.filter((one) => !this.#isOld(one) && !this.#isBored(one));
    return good.length === 0 ? undefined : Math.max(...good.map(({ since }) => since));
  }

  async #create(scope: Scope): Promise<Resource> {
    assert.equal(this.#lastBack(), undefined, "makes one, though another is idle");
    await this.#work(scope);
    const made = new Resource(this.#now);
    this.#all.push(made);
    return made;
  }

  async #validate(resource: Resource, scope: Scope): Promise<boolean> {
    assert.equal(resource.is, "idle");
    assert.ok(resource.since >= (this.#lastBack() ?? 0), "another one came back later");
    resource.is = "looked at";
    let isGood = false;
    try {
      await this.#work(scope);
      isGood = this.#beside.random.chance(0.8);
    } finally {
      if (!isGood) resource.is = "over";
    }
    return isGood;
  }

  async #destroy(resource: Resource, scope: Scope): Promise<void> {
    const isBored = this.#isBored(resource) && this.#alive > this.options.min;
    const isDue = resource.is === "over" || (resource.is === "idle" && (this.#isOld(resource) || isBored || this.isClosing)) || (resource.is === "looked at" && this.isClosing);
    assert.ok(isDue, `destroyed while it is ${resource.is}\n${this.#beside.told()}`);
    resource.is = "being destroyed";
    await this.#work(scope).finally(() => (resource.is = "gone"));
  }

  /** At once or not, with success or not. */
  async #work(scope: Scope): Promise<void> {
    const { random } = this.#beside;
    const ms = random.pick([0, 0, 0, 1, 3, 10]);
    const fails = random.chance(0.15);
    if (ms > 0) await sleep(ms, scope);
    if (fails) throw Object.assign(new Error("planned"), { code: "PLANNED" });
  }
}
