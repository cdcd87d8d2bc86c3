/**
 * Whose scopes were asked for last. Two, for whoever hands things to and fro: to look behind a task's face is the dearest step of
 * an operation (a quarter of an item through a channel), and most operations are asked for in a scope that was just asked for.
 *
 * Invariants
 *   1. What is kept here is alive: a node that ends is let go, and with it all that hangs on it.
 *   2. A face stands for one node for ever, so what was found once need not be looked for again.
 */

/** As much of a node as this needs to know. */
interface Ending {
  readonly ended: boolean;
}

let face: object | undefined;
let node: Ending | undefined;
let faceBefore: object | undefined;
let nodeBefore: Ending | undefined;

/** The node behind `asked`, if it was among the last ones. */
export function recent(asked: object): Ending | undefined {
  return asked === face ? node : asked === faceBefore ? nodeBefore : undefined;
}

export function remember(found: object, behind: Ending): void {
  if (behind.ended) return;
  faceBefore = face;
  nodeBefore = node;
  face = found;
  node = behind;
}

export function forget(gone: Ending): void {
  if (gone === node) face = node = undefined;
  if (gone === nodeBefore) faceBefore = nodeBefore = undefined;
}
