/** What lies between a flow and who asks: nothing is lost, nobody overtakes. */
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { NOTHING, type Waiter } from "espalier/lowlevel";
import { HandOver } from "./hand-over.ts";

type Step = IteratorResult<string, undefined>;

/** An asker that writes down what it gets, or refuses everything. */
function asker(got: unknown[], accepts = true): Waiter<Step> {
  const settle = (outcome: unknown): boolean => {
    if (accepts) got.push(outcome);
    return accepts;
  };
  return { label: "test", resolve: (step) => settle(step.value), reject: settle };
}

describe("HandOver", () => {
  test("keeps what nobody asks for, in order", () => {
    const out = new HandOver<string>();
    assert.deepEqual([out.put("a"), out.put("b"), out.kept], [false, false, 2]);
    assert.deepEqual([out.attempt(), out.attempt(), out.attempt()], [{ done: false, value: "a" }, { done: false, value: "b" }, NOTHING]);
  });
  test("hands over to who asked first; what the first one refuses goes to the next, else it is kept (G8)", () => {
    const out = new HandOver<string>();
    const got: unknown[] = [];
    out.register(asker(got, false));
    out.register(asker(got));
    assert.equal(out.put("a"), true);
    out.register(asker(got, false));
    assert.equal(out.put("b"), false);
    assert.deepEqual([got, out.kept, out.asking], [["a"], 1, 0]);
  });
  test("keeps many as well as few", () => {
    const out = new HandOver<string>();
    const taken: string[] = [];
    for (let n = 0; n < 500; n++) {
      out.put(`${2 * n}`);
      out.put(`${2 * n + 1}`);
      taken.push((out.attempt() as { value: string }).value);
    }
    assert.equal(out.kept, 500);
    while (out.kept > 0) taken.push((out.attempt() as { value: string }).value);
    assert.deepEqual(taken, Array.from({ length: 1_000 }, (_, n) => String(n)));
  });
  test("tells of a failure once: to who asks, or to who takes it", () => {
    const [first, second] = [new HandOver<string>(), new HandOver<string>()];
    const got: unknown[] = [];
    for (const accepts of [false, true, true]) first.register(asker(got, accepts));
    first.end({ error: "E" });
    first.end({ error: "too late" });
    assert.deepEqual(got, ["E", undefined]);
    assert.equal(first.takeFailure(), undefined);
    second.put("a");
    second.end({ error: "E" });
    assert.deepEqual(second.attempt(), { done: false, value: "a" });
    assert.throws(() => second.attempt(), (error) => error === "E");
    assert.deepEqual(second.attempt(), { done: true, value: undefined });
  });
});
