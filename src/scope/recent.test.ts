import assert from "node:assert/strict";
import { test } from "node:test";
import { taskGroup } from "espalier";
import { observed } from "espalier/lowlevel";
import { recent } from "./recent.ts";

test("a scope that was asked for is found again, also the one before it, and no third one", () =>
  taskGroup(async (group) => {
    const faces = await Promise.all([1, 2, 3].map(() => group.spawn((scope) => scope).join()));
    const [first, second, third] = faces.map((face) => {
      observed(face);
      return recent(face);
    });
    assert.ok(first === undefined && second === undefined && third === undefined, "a scope that has ended is not kept");

    await group.all([
      (one) =>
        group.all([
          (two) => {
            const nodes = [observed(one), observed(two)];
            assert.deepEqual([recent(one) === nodes[0], recent(two) === nodes[1]], [true, true]);
            observed(group);
            assert.equal(recent(one), undefined);
            assert.equal(recent(two), nodes[1]);
            assert.notEqual(observed(one), observed(two));
          },
        ]),
    ]);
  }));

test("a scope that ends is let go", async () => {
  const held = await taskGroup(async (group) => {
    observed(group);
    assert.notEqual(recent(group), undefined);
    return group;
  });
  assert.equal(recent(held), undefined);
  observed(held);
  assert.equal(recent(held), undefined);
});

test("an object that carries the signal of a scope is looked at each time: it may carry another one the next time", () =>
  taskGroup((outer) =>
    outer.group((inner) => {
      const carrier = { signal: outer.signal };
      const seen = observed(carrier);
      carrier.signal = inner.signal;
      assert.equal(seen, observed(outer));
      assert.equal(observed(carrier), observed(inner));
    }),
  ));
