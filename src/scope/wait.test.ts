import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { CancelledError } from "../errors/cancelled.ts";
import { forest, ScopeNode } from "./node.ts";
import { announce, Wait } from "./wait.ts";
import { attachProbe } from "./watch.ts";

class Opened extends ScopeNode {
  readonly kind = "scope";
  get clock(): never {
    throw new Error("no time passes here");
  }
}

class Parked extends Wait {
  readonly label: string;
  readonly log: string[];
  constructor(node: ScopeNode, label: string, log: string[]) {
    super(node);
    this.label = label;
    this.log = log;
  }
  interrupt(): void {
    this.log.push(this.label);
  }
}

/** A node with waits a, b, c, …; `log` tells which of them were interrupted, in order. */
function parkedIn(count: number): { node: ScopeNode; waits: Parked[]; log: string[] } {
  const node = new Opened(forest, "node");
  node.prune();
  const log: string[] = [];
  return { node, waits: Array.from({ length: count }, (_, index) => new Parked(node, "abcdef"[index]!, log)), log };
}
const cancel = (node: ScopeNode): void => node.cancelWith(new CancelledError("explicit", "node"));

describe("Wait", () => {
  for (const count of [0, 1, 2, 3, 6]) {
    test(`of ${count} in a node all are interrupted once, in the order of coming`, () => {
      const { node, waits, log } = parkedIn(count);
      cancel(node);
      assert.equal(log.join(""), "abcdef".slice(0, count));
      assert.equal(node.waits, undefined);
      assert.deepEqual(waits.map(({ parked }) => parked), Array(count).fill(false));
      cancel(node);
      assert.equal(log.length, count);
    });
  }

  for (const gone of ["a", "b", "c", "ab", "ca", "bca"]) {
    test(`leave() of ${Array.from(gone).join(", then ")} keeps them from being interrupted, and the order of the others`, () => {
      const { node, waits, log } = parkedIn(3);
      for (const label of gone) {
        const wait = waits.find((one) => one.label === label)!;
        wait.leave();
        wait.leave();
        assert.equal(wait.parked, false);
      }
      new Parked(node, "d", log);
      cancel(node);
      assert.equal(log.join(""), Array.from("abcd").filter((label) => !gone.includes(label)).join(""));
    });
  }

  test("the last to leave leaves nothing in its node", () => {
    const { node, waits } = parkedIn(3);
    for (const wait of waits) wait.leave();
    assert.equal(node.waits, undefined);
  });

  test("one that others leave while it is interrupted does not disturb them", () => {
    const { node, log } = parkedIn(1);
    class Leaver extends Parked {
      override interrupt(): void {
        super.interrupt();
        last.leave();
      }
    }
    new Leaver(node, "b", log);
    const last = new Parked(node, "c", log);
    cancel(node);
    assert.equal(log.join(""), "abc", "all had left before the first was told");
  });

  test("a probe hears of each wait, and once of its leaving", () => {
    const facts: string[] = [];
    const attached = attachProbe({
      parked: ({ label, scope }) => facts.push(`${label} parked in ${scope.name}`),
      unparked: ({ label }) => facts.push(`${label} unparked`),
    });
    const { node, waits } = parkedIn(2);
    for (const wait of waits) announce(wait);
    waits[0]!.leave();
    waits[0]!.leave();
    cancel(node);
    attached[Symbol.dispose]();
    assert.deepEqual(facts, ["a parked in node", "b parked in node", "a unparked", "b unparked"]);
  });
});
