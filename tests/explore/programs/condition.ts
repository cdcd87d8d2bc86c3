/** The condition: no letter is missed, none is taken from an empty box, and the lock is the caller's afterwards. */
import assert from "node:assert/strict";
import type { Scope, TaskGroup } from "espalier";
import { Condition } from "../primitives/condition.ts";
import { Lock } from "../primitives/lock.ts";
import { LONG, type Study, work } from "../study.ts";

class Letterbox {
  readonly lock = new Lock();
  readonly arrived: Condition = new Condition(this.lock);
  readonly letters: string[] = [];

  post(letter: string, scope: Scope): Promise<void> {
    return this.lock.hold(scope, () => {
      this.letters.push(letter);
      this.arrived.notify();
    });
  }

  fetch(scope: Scope): Promise<void> {
    return this.lock.hold(scope, async () => {
      while (!(await this.#hasAny(scope))) await this.arrived.wait(scope);
      assert.notEqual(this.letters.shift(), undefined, "there is no letter");
    });
  }

  tryFetch(scope: Scope): Promise<string | undefined> {
    return this.lock.hold(scope, () => this.letters.shift());
  }

  /** As asynchronous as a look into a table. */
  async #hasAny(scope: Scope): Promise<boolean> {
    const { length } = this.letters;
    await scope.checkpoint();
    return length > 0;
  }
}

/** One waits from the beginning, the only letter is long in coming. */
async function oneLetter(group: TaskGroup): Promise<void> {
  const box = new Letterbox();
  group.spawn((scope) => box.fetch(scope), { name: "reader" });
  group.spawn(
    async (scope) => {
      await work(LONG, scope);
      await box.post("letter", scope);
    },
    { name: "postman" },
  );
}

/** The postman delivers, makes the round, takes back what is still there, and brings it again. */
async function takenBack(group: TaskGroup): Promise<void> {
  const box = new Letterbox();
  group.spawn((scope) => box.fetch(scope), { name: "reader" });
  group.spawn(
    async (scope) => {
      await work(3, scope);
      await box.post("letter", scope);
      await work(LONG, scope);
      const letter = await box.tryFetch(scope);
      await work(2, scope);
      if (letter !== undefined) await box.post(letter, scope);
    },
    { name: "postman" },
  );
}

/** Two who wait, one of whom may give up. */
async function twoReaders(group: TaskGroup): Promise<void> {
  const box = new Letterbox();
  for (const name of ["a", "b"]) group.spawn((scope) => box.fetch(scope), { name });
  group.spawn(
    async (scope) => {
      await scope.shield(async (inner) => {
        await box.post("1", inner);
        await box.post("2", inner);
      });
    },
    { name: "postman" },
  );
  group.defer(() => assert.equal(box.lock.isHeld, false, "the lock is held by nobody who runs"));
}

export const studies: Readonly<Record<string, Study>> = {
  oneLetter: { program: oneLetter, isSmall: true },
  takenBack: { program: takenBack },
  twoReaders: { program: twoReaders, faults: ["cancel"], isSmall: true },
};
