/** The limiter: never more lent than there is, nothing lost, nobody left waiting, nobody passed. */
import assert from "node:assert/strict";
import { sleep, type Scope, type TaskGroup } from "espalier";
import type { Trial } from "espalier/testing";
import { Event } from "../primitives/event.ts";
import { Limiter } from "../primitives/limiter.ts";
import { type Study, work } from "../study.ts";

const TOTAL = 3;

/** Borrowers of one, of two, and of all tokens, in whatever order they come to ask. */
async function tokens(group: TaskGroup): Promise<void> {
  const limiter = new Limiter(TOTAL);
  const asked: number[] = [];
  const served: number[] = [];
  let lent = 0;
  const borrower = (wanted: number, late: number) => async (scope: Scope): Promise<void> => {
    await work(late, scope);
    asked.push(wanted);
    await limiter.borrow(wanted, scope);
    served.push(wanted);
    lent += wanted;
    try {
      assert.ok(lent <= TOTAL, `${lent} of ${TOTAL} are lent`);
      const before = asked.slice(0, asked.indexOf(wanted) + 1);
      if (wanted === TOTAL) assert.ok(served.every((other) => before.includes(other)), "one that wants all was passed");
      await scope.checkpoint();
    } finally {
      lent -= wanted;
      limiter.bringBack(wanted);
    }
  };
  group.spawn(borrower(1, 1), { name: "wants 1" });
  group.spawn(borrower(2, 1), { name: "wants 2" });
  group.spawn(borrower(TOTAL, 3), { name: "wants all" });
  group.defer(() => assert.equal(limiter.free, TOTAL, "not all is back"));
}

/** One borrows for a while, another one gives up after a while. */
async function timeLimit(group: TaskGroup, trial: Trial): Promise<void> {
  const limiter = new Limiter(1);
  group.spawn(
    async (scope) => {
      await limiter.borrow(1, scope);
      try {
        await sleep(4 + 2 * trial.choose(3, "keeps it"), scope);
      } finally {
        limiter.bringBack(1);
      }
    },
    { name: "first" },
  );
  group.spawn(
    async (scope) => {
      await scope.checkpoint();
      if (!(await limiter.borrowWithin(6, 1, scope))) return;
      try {
        await scope.checkpoint();
      } finally {
        limiter.bringBack(1);
      }
    },
    { name: "in a hurry" },
  );
  group.defer(() => assert.equal(limiter.free, 1, "not all is back"));
}

/** One that wants all gives up after a while: the one behind it need not wait for the first one, which waits for it. */
async function givesUp(group: TaskGroup): Promise<void> {
  const limiter = new Limiter(TOTAL);
  const served = new Event();
  group.spawn(
    async (scope) => {
      await limiter.borrow(1, scope);
      await served.wait(scope);
      limiter.bringBack(1);
    },
    { name: "wants 1" },
  );
  group.spawn(
    async (scope) => {
      await work(2, scope);
      await limiter.borrow(2, scope);
      served.set();
      limiter.bringBack(2);
    },
    { name: "wants 2" },
  );
  group.spawn(
    async (scope) => {
      await work(4, scope);
      if (await limiter.borrowWithin(5, TOTAL, scope)) limiter.bringBack(TOTAL);
    },
    { name: "wants all" },
  );
}

/** Two borrowers are cancelled together, with their group: when the first one goes, the second one is gone already. */
async function together(group: TaskGroup): Promise<void> {
  const limiter = new Limiter(TOTAL);
  const borrower = (wanted: number, late: number) => async (scope: Scope): Promise<void> => {
    await work(late, scope);
    await limiter.borrow(wanted, scope);
    limiter.bringBack(wanted);
  };
  await limiter.borrow(2, group);
  await group.moveOnAfter(1, (limited) =>
    limited.group(async (both) => {
      both.spawn(borrower(TOTAL, 3), { name: "wants all" });
      both.spawn(borrower(1, 1), { name: "wants 1" });
    }),
  );
  limiter.bringBack(2);
  assert.equal(limiter.free, TOTAL, "not all is back");
}

export const studies: Readonly<Record<string, Study>> = {
  tokens: { program: tokens, faults: ["cancel"] },
  timeLimit: { program: timeLimit, faults: ["cancel"], isSmall: true },
  givesUp: { program: givesUp, isSmall: true },
  together: { program: together, isSmall: true },
};
