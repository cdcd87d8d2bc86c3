/** The barrier: nobody goes on before all are there, in any round. */
import assert from "node:assert/strict";
import type { TaskGroup } from "espalier";
import { Barrier } from "../primitives/barrier.ts";
import { LONG, type Study, work } from "../study.ts";

const ROUNDS = 2;

async function rounds(group: TaskGroup): Promise<void> {
  const barrier = new Barrier(2);
  const arrived = [0, 0];
  for (const name of ["a", "b"]) {
    group.spawn(
      async (scope) => {
        for (let round = 0; round < ROUNDS; round++) {
          await work(LONG, scope);
          arrived[round]!++;
          assert.equal(await barrier.wait(scope), round);
          assert.equal(arrived[round], 2, `round ${round} began with ${arrived[round]}`);
        }
      },
      { name },
    );
  }
}

/** Three for a barrier of two: the one that is left over gives up. */
async function leftOver(group: TaskGroup): Promise<void> {
  const barrier = new Barrier(2);
  let passed = 0;
  for (const name of ["a", "b", "c"]) {
    group.spawn(
      (scope) =>
        scope.moveOnAfter(10, async (limited) => {
          await limited.checkpoint();
          await barrier.wait(limited);
          passed++;
        }),
      { name },
    );
  }
  group.defer(() => assert.equal(passed % 2, 0, `${passed} passed a barrier of two`));
}

export const studies: Readonly<Record<string, Study>> = {
  rounds: { program: rounds },
  leftOver: { program: leftOver, faults: ["cancel"], isSmall: true },
};
