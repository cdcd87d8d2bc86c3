import type { Oracle } from "./oracle.ts";

export const g16: Oracle = {
  guarantee: "G16",
  demands: "a child scope that its opener left running is cancelled when the opener has ended, and not before",
  *check(history) {
    for (const child of history.lived) {
      const { felt, parent, name } = child;
      if (parent === undefined || child.isTask || child.kind === "cleanup" || child.isBranch) continue;
      const { left } = parent;
      const isLeft = felt?.cause.source === "ended" && felt.cause.by === parent.label && felt.cause !== parent.felt?.cause;
      if (isLeft && felt.seq < (left?.seq ?? Infinity)) yield `${name} was cancelled (#${felt.seq}) as if ${parent.name} had ended`;
      if (left === undefined || child.opened!.seq > left.seq) continue;
      const later = history.endOfMoment(left.seq);
      const isFelt = felt !== undefined && felt.seq < later;
      const functions = child.isCombination ? child.branches : [child];
      const goesOn = functions.some(({ entered, busyUntil }) => entered !== undefined && busyUntil > later);
      if (goesOn && !isFelt && later < Infinity) yield `${name} went on after ${parent.name}, which opened it, had ended (#${left.seq})`;
    }
  },
};
