/** `claim`: what is there is taken, what is not is waited for, and nothing is lost between. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { CancelledError, moveOnAfter, type Scope, sleep, taskGroup } from "espalier";
import { type Claim, claim, NOTHING, type Waiter } from "espalier/lowlevel";
import { explore } from "espalier/testing";
import { scenario, thrownBy } from "../../tests/conformance/case.ts";

class Shelf {
  readonly items: unknown[];
  readonly waiters = new Set<Waiter<unknown>>();
  readonly #claim: Claim<unknown> = {
    attempt: () => (this.items.length > 0 ? this.items.shift() : NOTHING),
    register: (waiter) => {
      this.waiters.add(waiter);
      return () => this.waiters.delete(waiter);
    },
    giveBack: (item) => this.put(item),
  };

  constructor(...items: unknown[]) {
    this.items = items;
  }

  take(scope: Scope): Promise<unknown> {
    return claim(scope, "take", this.#claim);
  }

  put(item: unknown): void {
    for (const waiter of this.waiters) {
      this.waiters.delete(waiter);
      if (waiter.resolve(item)) return;
    }
    this.items.push(item);
  }
}

scenario("claim() takes what is there, also undefined, and waits for what is not", async ({ clock }) => {
  const shelf = new Shelf(undefined);
  await taskGroup(
    async (group) => {
      assert.equal(await shelf.take(group), undefined);
      const waiting = group.spawn((scope) => shelf.take(scope));
      await sleep(10, group);
      shelf.put("handed over");
      assert.equal(await waiting.join(group), "handed over");
    },
    { clock },
  );
});

scenario("claim() takes nothing in a cancelled scope, and nothing in one that has ended", async ({ clock }) => {
  const shelf = new Shelf("item");
  let ended: Scope | undefined;
  await moveOnAfter(
    Infinity,
    async (scope) => {
      ended = scope;
      scope.cancel();
      assert.ok((await thrownBy(shelf.take(scope))) instanceof CancelledError);
    },
    { clock },
  );
  await thrownBy(shelf.take(ended!));
  assert.deepEqual(shelf.items, ["item"]);
});

scenario("what claim() took is the caller's, also when the scope is cancelled in the same turn (G8)", async ({ clock }) => {
  const shelf = new Shelf("item");
  await moveOnAfter(
    Infinity,
    async (scope) => {
      const taking = shelf.take(scope);
      scope.cancel();
      assert.equal(await taking, "item");
    },
    { clock },
  );
});

test("no item of a claim() is lost or given twice, in every order and with any task cancelled", async () => {
  await explore(
    async (group) => {
      const shelf = new Shelf("a", "b");
      const got: unknown[] = [];
      const take = async (scope: Scope): Promise<void> => void got.push(await shelf.take(scope));
      await group.allSettled([take, take, take, (scope) => scope.checkpoint().finally(() => shelf.put("c"))]);
      assert.deepEqual([...got, ...shelf.items].toSorted(), ["a", "b", "c"]);
    },
    { faults: ["cancel"], mostFaults: 2, schedules: 2_000, seeds: 200 },
  );
});

test("what claim() took and cannot give back is given, in every order and with any task cancelled", async () => {
  await explore(
    async (group) => {
      let handedOut = 0;
      let received = 0;
      const how: Claim<number> = { attempt: () => ++handedOut, register: () => {} };
      const take = async (scope: Scope): Promise<void> => {
        await claim(scope, "take", how);
        received++;
        await scope.checkpoint();
      };
      await group.allSettled([take, take]);
      assert.equal(received, handedOut);
    },
    { faults: ["cancel"], mostFaults: 2, schedules: 2_000, seeds: 200 },
  );
});
