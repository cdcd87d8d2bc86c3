import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { Branch } from "./branch.ts";

class Twig extends Branch<Twig> {
  readonly name: string;
  constructor(name: string, parent?: Twig) {
    super(parent);
    this.name = name;
  }
}

const names = (branches: Iterable<Twig>): string => [...branches].map(({ name }) => name).join("");

/** A parent with the children a, b, c, d. */
function family(): { parent: Twig; a: Twig; b: Twig; c: Twig; d: Twig } {
  const parent = new Twig("parent");
  const [a, b, c, d] = ["a", "b", "c", "d"].map((name) => new Twig(name, parent)) as [Twig, Twig, Twig, Twig];
  return { parent, a, b, c, d };
}

describe("Branch", () => {
  test("children() gives them in the order of joining", () => {
    assert.equal(names(family().parent.children()), "abcd");
    assert.equal(names(new Twig("alone").children()), "");
  });

  for (const [gone, left] of Object.entries({ a: "bcd", b: "acd", c: "abd", d: "abc", ab: "cd", ba: "cd", dc: "ab", ad: "bc", da: "bc", abcd: "", dcba: "", bcda: "" })) {
    test(`prune() of ${Array.from(gone).join(", then ")} leaves ${left === "" ? "none" : left}, and others can join again`, () => {
      const all = family();
      for (const name of gone) {
        const twig = all[name as "a"];
        twig.prune();
        assert.equal(twig.parent, all.parent, "parent still tells whose it was");
      }
      assert.equal(names(all.parent.children()), left);
      assert.equal(all.parent.first?.name, left[0]);
      new Twig("x", all.parent);
      new Twig("y", all.parent);
      assert.equal(names(all.parent.children()), `${left}xy`);
    });
  }

  test("prune() of one that has left, or has no parent, does nothing", () => {
    const { parent, b } = family();
    b.prune();
    b.prune();
    parent.prune();
    assert.equal(names(parent.children()), "acd");
  });

  test("children() goes on when what it gave is pruned", () => {
    const { parent } = family();
    const seen: string[] = [];
    for (const child of parent.children()) {
      seen.push(child.name);
      child.prune();
    }
    assert.equal(seen.join(""), "abcd");
    assert.equal(parent.first, undefined);
  });

  test("transplant() makes it the last child of another, with all below it", () => {
    const { parent, b } = family();
    const leaf = new Twig("leaf", b);
    const other = new Twig("other");
    new Twig("z", other);
    b.transplant(other);
    assert.equal(names(parent.children()), "acd");
    assert.equal(names(other.children()), "zb");
    assert.equal(b.parent, other);
    assert.equal(names(b.children()), "leaf");
    assert.equal(leaf.parent, b);
  });
});

describe("Branch.walk()", () => {
  /** top ⊃ (a ⊃ (b, c ⊃ d), e) */
  function tree(): Twig {
    const top = new Twig("t");
    const a = new Twig("a", top);
    new Twig("b", a);
    new Twig("d", new Twig("c", a));
    new Twig("e", top);
    return top;
  }
  const visited = (top: Twig, below: (twig: Twig) => boolean = () => true): string => {
    const seen: string[] = [];
    Branch.walk(top, (twig) => {
      seen.push(twig.name);
      return below(twig);
    });
    return seen.join("");
  };

  test("Branch.walk() visits parents first, children in order", () => {
    assert.equal(visited(tree()), "tabcde");
  });

  test("Branch.walk() stays below where it began", () => {
    const top = tree();
    assert.equal(visited(top.first!), "abcd");
    assert.equal(visited(new Twig("alone")), "alone");
  });

  test("Branch.walk() goes below a branch only where the visitor says so", () => {
    assert.equal(visited(tree(), ({ name }) => name !== "a"), "tae");
    assert.equal(visited(tree(), ({ name }) => name !== "c"), "tabce");
    assert.equal(visited(tree(), () => false), "t");
  });

  test("Branch.walk() reaches the bottom of 100,000 levels", () => {
    const top = new Twig("");
    let deepest = top;
    for (let level = 0; level < 100_000; level++) deepest = new Twig("", deepest);
    let count = 0;
    Branch.walk(top, () => ++count > 0);
    assert.equal(count, 100_001);
  });
});
