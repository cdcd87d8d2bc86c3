/**
 * The links of the tree and nothing else: an ordered list of children in each branch, O(1) to join and leave,
 * without an object beside the branches themselves.
 */
export abstract class Branch<B extends Branch<B>> {
  parent: B | undefined;
  first: B | undefined = undefined;
  #last: B | undefined = undefined;
  #prev: B | undefined = undefined;
  #next: B | undefined = undefined;

  constructor(parent: B | undefined) {
    this.parent = parent;
    if (parent !== undefined) this.#join(parent);
  }

  /** Becomes the last child of another branch. */
  transplant(parent: B): void {
    this.prune();
    this.parent = parent;
    this.#join(parent);
  }

  /** Leaves the list of its parent; `parent` still tells whose it was. */
  prune(): void {
    const { parent } = this;
    if (parent === undefined) return;
    const prev = this.#prev;
    const next = this.#next;
    if (prev === undefined) parent.first = next;
    else prev.#next = next;
    if (next === undefined) parent.#last = prev;
    else next.#prev = prev;
    this.#prev = this.#next = undefined;
  }

  /** The branch that became a child of the same parent next. */
  get sibling(): B | undefined {
    return this.#next;
  }

  *children(): Generator<B> {
    // The next one is read first: whoever walks may prune what it was given.
    for (let child = this.first, next: B | undefined; child !== undefined; child = next) {
      next = child.#next;
      yield child;
    }
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

  #join(parent: B): void {
    const last = parent.#last;
    this.#prev = last;
    const self = this as unknown as B;
    if (last === undefined) parent.first = self;
    else last.#next = self;
    parent.#last = self;
  }
}
