import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { StalledClock } from "../../tests/conformance/stalled-clock.ts";
import { setDeadline } from "./deadline.ts";
import { forest, ScopeNode } from "./node.ts";

class Opened extends ScopeNode {
  readonly kind = "scope";
  readonly clock: StalledClock;
  readonly #shielded: boolean;
  constructor(parent: ScopeNode, name: string, clock: StalledClock, shielded = false) {
    super(parent, name, shielded);
    this.clock = clock;
    this.#shielded = shielded;
  }
  override get shielded(): boolean {
    return this.#shielded;
  }
}

function chain(): { clock: StalledClock; outer: Opened; inner: Opened; leaf: Opened } {
  const clock = new StalledClock();
  const outer = new Opened(forest, "outer", clock);
  const inner = new Opened(outer, "inner", clock);
  const leaf = new Opened(inner, "leaf", clock);
  outer.prune();
  return { clock, outer, inner, leaf };
}
const at = (...nodes: Opened[]): (number | undefined)[] => nodes.map(({ limit }) => limit?.at);

describe("setDeadline()", () => {
  test("setDeadline() counts for the node and all below it; of several the earliest counts (invariant 5)", () => {
    const { outer, inner, leaf } = chain();
    setDeadline(outer, 100, 100);
    assert.deepEqual(at(outer, inner, leaf), [100, 100, 100]);
    setDeadline(inner, 500, 500);
    assert.deepEqual(at(outer, inner, leaf), [100, 100, 100]);
    setDeadline(inner, 50, 50);
    assert.deepEqual(at(outer, inner, leaf), [100, 50, 50]);
    setDeadline(outer, 20, 20);
    assert.deepEqual(at(outer, inner, leaf), [20, 20, 20]);
    setDeadline(outer, 1_000, 1_000);
    assert.deepEqual(at(outer, inner, leaf), [1_000, 50, 50]);
  });

  test("setDeadline() does not count below a shield", () => {
    const { clock, outer, inner } = chain();
    const shield = new Opened(inner, "shield", clock, true);
    const below = new Opened(shield, "below", clock);
    setDeadline(outer, 100, 100);
    assert.deepEqual(at(shield, below), [undefined, undefined]);
    setDeadline(shield, 300, 300);
    assert.deepEqual(at(shield, below), [300, 300]);
  });

  test("setDeadline() arms one timer at a time, and none for Infinity or in a cancelled node", () => {
    const { clock, outer } = chain();
    for (const moment of [100, 50, 200]) setDeadline(outer, moment, moment);
    assert.equal(clock.armed, 1);
    assert.equal(clock.next, 200);
    setDeadline(outer, Infinity, Infinity);
    assert.equal(clock.armed, 0);
    setDeadline(outer, 10, 10);
    clock.block(10);
    clock.turn();
    setDeadline(outer, 500, 500);
    assert.equal(clock.armed, 0);
  });

  test('when it passes, the node and all below are cancelled with source "deadline" and its name', () => {
    const { clock, outer, inner, leaf } = chain();
    setDeadline(inner, 10, 10);
    clock.block(9.99);
    clock.turn();
    assert.equal(leaf.interruption, undefined);
    clock.block(0.01);
    clock.turn();
    assert.deepEqual([leaf.cause?.source, leaf.cause?.by], ["deadline", "inner"]);
    assert.equal(inner.cause, leaf.cause);
    assert.equal(outer.cause, undefined);
  });
});

describe("interruption", () => {
  test("interruption reads the clock: a deadline that passed counts before its timer fires", () => {
    const { clock, inner, leaf } = chain();
    setDeadline(inner, 10, 10);
    clock.block(10);
    assert.equal(leaf.cause, undefined);
    assert.equal(leaf.interruption?.source, "deadline");
    assert.equal(inner.cause, leaf.cause);
    assert.equal(clock.armed, 0);
  });

  for (const [outerAt, innerAt, cause] of [
    [10, 5, "inner"],
    [5, 10, "outer"],
    [5, 5, "outer"],
  ] as const) {
    test(`interruption, with deadlines at ${outerAt} around ${innerAt} that both passed: the cause inside is the ${cause}'s`, () => {
      const { clock, outer, inner, leaf } = chain();
      setDeadline(outer, outerAt, outerAt);
      setDeadline(inner, innerAt, innerAt);
      clock.block(20);
      assert.equal(leaf.interruption?.by, cause);
      assert.equal(outer.cause?.by, "outer");
    });
  }

  test("interruption of an ended node does not look at the clock", () => {
    const { clock, inner, leaf } = chain();
    setDeadline(inner, 10, 10);
    inner.finish();
    clock.block(20);
    assert.equal(inner.interruption, undefined);
    assert.equal(leaf.limit?.at, 10);
  });
});
