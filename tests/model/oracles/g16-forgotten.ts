import type { Oracle } from "./oracle.ts";

export const g16: Oracle = {
  guarantee: "G16",
  demands: "a child scope that its opener left running is cancelled when the opener has ended, and not before",
  *check(history) {
    for (const child of history.lived) {
      const { felt, parent, name } = child;
      if (parent === undefined || child.isTask || child.kind === "cleanup") continue;
      const { left } = parent;
      const isLeft = felt?.cause.source === "ended" && felt.cause.by === parent.name;
      if (isLeft && felt.seq < (left?.seq ?? Infinity)) yield `${name} was cancelled (#${felt.seq}) as if ${parent.name} had ended`;
      if (left === undefined || child.opened!.seq > left.seq || child.entered === undefined) continue;
      const later = history.endOfMoment(left.seq);
      const isFelt = felt !== undefined && felt.seq < later;
      if (child.busyUntil > later && !isFelt && later < Infinity) yield `${name} went on after ${parent.name}, which opened it, had ended (#${left.seq})`;
    }
  },
};
