import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { CancelledError } from "../errors/cancelled.ts";
import { firstOf } from "../errors/suppressed.ts";
import { forest, ScopeNode } from "./node.ts";
import { recognise } from "./recognise.ts";

class Opened extends ScopeNode {
  readonly kind = "scope";
  readonly #shielded: boolean;
  constructor(parent: ScopeNode, name: string, shielded = false) {
    super(parent, name, shielded);
    this.#shielded = shielded;
  }
  override get shielded(): boolean {
    return this.#shielded;
  }
  get clock(): never {
    throw new Error("no time passes here");
  }
}

/** outer ⊃ shield ⊃ inner; `outer` is cancelled, `inner` where a test does so. */
function nodes(): { outer: ScopeNode; inner: ScopeNode; outerCause: CancelledError } {
  const outer = new Opened(forest, "outer");
  outer.prune();
  const inner = new Opened(new Opened(outer, "shield", true), "inner");
  const outerCause = new CancelledError("explicit", "outer");
  outer.cancelWith(outerCause);
  return { outer, inner, outerCause };
}
const cancelInner = (inner: ScopeNode): CancelledError => {
  inner.cancelWith(new CancelledError("explicit", "inner"));
  return inner.cause!;
};
const abortError = (cause?: unknown): Error => Object.assign(new Error("aborted", { cause }), { name: "AbortError" });
const E = new Error("E");

describe("recognise(): whose cancellation it is", () => {
  test("recognise() finds the cause of the node itself, and that of an ancestor beyond a shield", () => {
    const { inner, outerCause } = nodes();
    const innerCause = cancelInner(inner);
    for (const cause of [innerCause, outerCause]) {
      for (const thrown of [cause, abortError(cause), new AggregateError([cause])]) {
        assert.deepEqual(recognise(thrown, inner), { cancellation: cause, failures: [] });
      }
    }
  });

  test("recognise() takes a platform's abort error without a cause for the node's own, if it is cancelled, and for no ancestor's", () => {
    const { outer, inner, outerCause } = nodes();
    const abort = abortError();
    assert.deepEqual(recognise(abort, inner), { cancellation: undefined, failures: [abort] });
    assert.deepEqual(recognise(abort, outer), { cancellation: outerCause, failures: [] });
    const innerCause = cancelInner(inner);
    assert.equal(recognise(abort, inner).cancellation, innerCause);
  });

  test("recognise() finds nothing where nobody around is cancelled, whatever it looks like", () => {
    const alone = new Opened(forest, "alone");
    alone.prune();
    for (const thrown of [abortError(), new CancelledError("explicit", "x"), new AggregateError([abortError()]), undefined]) {
      assert.deepEqual(recognise(thrown, alone), { cancellation: undefined, failures: [thrown] });
    }
  });
});

describe("recognise(): what else was in it", () => {
  test("recognise() gives a failure that is the value undefined as one failure", () => {
    const { outer, outerCause } = nodes();
    assert.deepEqual(recognise(undefined, outer), { cancellation: undefined, failures: [undefined] });
    const { cancellation, failures } = recognise(new AggregateError([undefined, outerCause]), outer);
    assert.equal(cancellation, outerCause);
    assert.deepEqual(failures.map((failure) => (failure as AggregateError).errors), [[undefined]]);
  });

  test("recognise() gives what an abort error carries as suppressed: it is lost with nobody", () => {
    const { outer, outerCause } = nodes();
    const abort = firstOf([abortError(outerCause), E]);
    assert.deepEqual(recognise(abort, outer), { cancellation: outerCause, failures: [E] });
  });

  test("recognise() does not change what was thrown", () => {
    const { outer, outerCause } = nodes();
    const inner = new AggregateError([outerCause, E]);
    const thrown = new AggregateError([inner]);
    recognise(thrown, outer);
    assert.deepEqual([thrown.errors, inner.errors], [[inner], [outerCause, E]]);
  });
});
