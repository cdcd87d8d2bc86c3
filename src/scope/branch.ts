/**
 * The links of the tree and nothing else: an ordered list of children in each branch, O(1) to join and leave,
 * without an object beside the branches themselves.
 *
 * Invariant: `#prev` of the first child is the last one, `#next` of the last is `undefined`.
 */
export abstract class Branch<B extends Branch<B>> {
  parent: B | undefined;
  first: B | undefined = undefined;
  #prev: B | undefined = undefined;
  #next: B | undefined = undefined;

  constructor(parent: B | undefined) {
    this.parent = parent;
    if (parent !== undefined) Branch.join(this as unknown as B, parent);
  }

  /** The children there are now, in order: whoever goes through them may change the tree. */
  children(): B[] {
    const children: B[] = [];
    for (let child = this.first; child !== undefined; child = child.#next) children.push(child);
    return children;
  }

  /** Becomes the last child of another branch. */
  transplant(parent: B): void {
    this.prune();
    this.parent = parent;
    Branch.join(this as unknown as B, parent);
  }

  /** Leaves the list of its parent; `parent` still tells whose it was. */
  prune(): void {
    const parent = this.parent;
    const prev = this.#prev;
    const next = this.#next;
    if (parent === undefined || prev === undefined) return;
    if (parent.first === (this as unknown as B)) parent.first = next;
    else prev.#next = next;
    // The one after it follows the one before it; after the last one that is the first, which knows the last.
    const after = next ?? parent.first;
    if (after !== undefined) after.#prev = prev;
    this.#prev = this.#next = undefined;
  }

  /**
   * Visits `top` and what is below it, parents first, children in order; goes below a branch only where
   * `visit` says so. No recursion: trees can be thousands deep (G20). `visit` must not change the tree.
   */
  static walk<B extends Branch<B>>(top: B, visit: (branch: B) => boolean): void {
    let at: B | undefined = top;
    while (at !== undefined) {
      if (visit(at) && at.first !== undefined) {
        at = at.first;
        continue;
      }
      while (at !== top && at !== undefined && at.#next === undefined) at = at.parent;
      at = at === top || at === undefined ? undefined : at.#next;
    }
  }

  private static join<B extends Branch<B>>(child: B, parent: B): void {
    const first = parent.first;
    if (first === undefined) {
      child.#prev = child;
      parent.first = child;
      return;
    }
    const last = first.#prev!;
    child.#prev = last;
    last.#next = child;
    first.#prev = child;
  }
}
