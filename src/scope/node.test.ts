import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { StalledClock } from "../../tests/conformance/stalled-clock.ts";
import { CancelledError } from "../errors/cancelled.ts";
import { setDeadline } from "./deadline.ts";
import { forest, nodeOfSignal, ScopeNode } from "./node.ts";
import { Wait } from "./wait.ts";

class Opened extends ScopeNode {
  readonly kind = "scope";
  readonly clock: StalledClock;
  readonly #shielded: boolean;
  constructor(parent: ScopeNode, name: string, { clock = (parent as Opened).clock, shielded = false }: { clock?: StalledClock; shielded?: boolean } = {}) {
    super(parent, name, shielded);
    this.clock = clock;
    this.#shielded = shielded;
  }
  override get shielded(): boolean {
    return this.#shielded;
  }
}

class Parked extends Wait {
  readonly label = "parked";
  readonly log: unknown[];
  constructor(node: ScopeNode, log: unknown[]) {
    super(node);
    this.log = log;
  }
  interrupt(cause: CancelledError): void {
    this.log.push(cause);
  }
}

/** root ⊃ (left ⊃ leaf, shield ⊃ inner), all of one clock; taken out of the forest again by `leave`. */
function tree(): { clock: StalledClock; root: Opened; left: Opened; leaf: Opened; shield: Opened; inner: Opened } {
  const clock = new StalledClock();
  const root = new Opened(forest, "root", { clock });
  const left = new Opened(root, "left");
  const leaf = new Opened(left, "leaf");
  const shield = new Opened(root, "shield", { shielded: true });
  const inner = new Opened(shield, "inner");
  root.prune();
  return { clock, root, left, leaf, shield, inner };
}
const explicit = (by = "root"): CancelledError => new CancelledError("explicit", by);

describe("ScopeNode: cancelWith()", () => {
  test("cancelWith() gives one cause to all below it, but not beyond a shield (invariants 2 and 3)", () => {
    const { root, left, leaf, shield, inner } = tree();
    const cause = explicit();
    root.cancelWith(cause);
    for (const node of [root, left, leaf]) assert.equal(node.cause, cause);
    for (const node of [shield, inner]) assert.equal(node.cause, undefined);
  });

  test("cancelWith() changes no cause that is there: the first one stays in each node", () => {
    const { root, left, leaf } = tree();
    const first = explicit("left");
    const second = explicit("root");
    left.cancelWith(first);
    root.cancelWith(second);
    root.cancelWith(explicit("again"));
    assert.deepEqual([left.cause, leaf.cause, root.cause], [first, first, second]);
  });

  test("cancelWith() does not reach what has ended, nor what is below it", () => {
    const { root, left, leaf } = tree();
    left.finish();
    root.cancelWith(explicit());
    assert.deepEqual([left.cause, leaf.cause], [undefined, undefined]);
    left.cancelWith(explicit());
    assert.equal(left.cause, undefined);
  });

  test("cancelWith() lets all waits go, once, in the order in which they came", () => {
    const { root, left, inner } = tree();
    const log: unknown[] = [];
    const waits = [new Parked(left, log), new Parked(left, log), new Parked(root, log)];
    const shielded = new Parked(inner, log);
    waits[0]!.leave();
    const cause = explicit();
    root.cancelWith(cause);
    assert.deepEqual(log, [cause, cause]);
    assert.deepEqual([...waits, shielded].map(({ parked }) => parked), [false, false, false, true]);
    assert.deepEqual([root.waits, left.waits], [undefined, undefined]);
  });

  test("cancelWith() has marked all, released all and aborted all before it calls a handler (invariant 4)", () => {
    const { root, left, leaf } = tree();
    const nodes = [root, left, leaf];
    const log: unknown[] = [];
    const waits = nodes.map((node) => new Parked(node, []));
    const signals = nodes.map(({ signal }) => signal);
    const look = (): void => void log.push(nodes.every(({ cause }) => cause !== undefined), waits.every(({ parked }) => !parked), signals.every(({ aborted }) => aborted));
    for (const node of nodes) (node.rare ??= {}).handlers = new Set([{ call: look }]);
    signals[0]!.addEventListener("abort", look);
    root.cancelWith(explicit());
    assert.deepEqual(log, Array(12).fill(true));
  });

  test("a node that is opened below a cancelled one has its cause from birth, a shield has not", () => {
    const { root } = tree();
    root.cancelWith(explicit());
    assert.equal(new Opened(root, "late").cause, root.cause);
    assert.equal(new Opened(root, "late shield", { shielded: true }).cause, undefined);
  });
});

describe("ScopeNode: finish() and leave()", () => {
  test('finish() lets what still waits go with source "ended", and disarms the deadline (invariant 6)', () => {
    const { clock, left } = tree();
    setDeadline(left, 10, 10);
    const log: unknown[] = [];
    new Parked(left, log);
    left.finish();
    assert.equal(clock.armed, 0);
    assert.equal(log.length, 1);
    assert.equal((log[0] as CancelledError).source, "ended");
    assert.equal((log[0] as CancelledError).by, "left");
    assert.equal(left.cause, undefined);
  });

  test("leave() takes it out of the tree and tells the parent that waits for its last child", () => {
    const { root, left, shield } = tree();
    let empty = 0;
    root.rare = { onEmpty: () => empty++ };
    shield.leave();
    assert.equal(empty, 0);
    left.leave();
    assert.equal(empty, 1);
    assert.equal(root.first, undefined);
    assert.equal(left.parent, root, "it can still be read");
  });
});

describe("ScopeNode: signal", () => {
  test("signal is made once, leads back to its node, and is aborted with the cause", () => {
    const { root, left } = tree();
    const { signal } = left;
    assert.equal(left.signal, signal);
    assert.equal(nodeOfSignal(signal), left);
    assert.equal(signal.aborted, false);
    const cause = explicit();
    root.cancelWith(cause);
    assert.deepEqual([signal.aborted, signal.reason], [true, cause]);
  });

  test("signal of a node that was cancelled before it was asked for is aborted", () => {
    const { root, leaf } = tree();
    root.cancelWith(explicit());
    assert.deepEqual([leaf.signal.aborted, leaf.signal.reason], [true, root.cause]);
  });

  test("nodeOfSignal() knows no signal of others", () => {
    for (const signal of [new AbortController().signal, undefined]) assert.equal(nodeOfSignal(signal), undefined);
  });
});

describe("ScopeNode: moveTo()", () => {
  test("moveTo() makes it obey the new parent and not the old one, deadline included", () => {
    const { root, left, leaf, inner } = tree();
    setDeadline(left, 50, 50);
    setDeadline(inner, 20, 20);
    leaf.moveTo(inner);
    assert.equal(leaf.limit?.at, 20);
    left.cancelWith(explicit());
    assert.equal(leaf.cause, undefined);
    inner.cancelWith(explicit("inner"));
    assert.equal(leaf.cause, inner.cause);
    assert.equal(root.cause, undefined);
  });

  test("moveTo() to a cancelled parent cancels it with that cause", () => {
    const { left, leaf, inner } = tree();
    inner.cancelWith(explicit("inner"));
    leaf.moveTo(inner);
    assert.equal(leaf.cause, inner.cause);
    assert.equal(left.first, undefined);
  });
});

describe("ScopeNode: name", () => {
  test("name is the label, else the name of the labelled function, else the kind", () => {
    const { root } = tree();
    class Labelled extends Opened {
      constructor(label: unknown) {
        super(root, label as string);
      }
    }
    assert.equal(new Labelled("given").name, "given");
    assert.equal(new Labelled(function work() {}).name, "work");
    for (const nothing of [undefined, "", () => {}]) assert.equal(new Labelled(nothing).name, "scope");
  });
});
