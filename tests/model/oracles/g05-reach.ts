import { describe } from "../describe.ts";
import type { History } from "../history.ts";
import type { Life } from "../life.ts";
import type { Oracle } from "./oracle.ts";

export const g05Reach: Oracle = {
  guarantee: "G5",
  demands: "a cancellation reaches all that is open below the scope, up to shields, and nothing else",
  *check(history) {
    for (const life of [history.outside, ...history.lived]) {
      if (life.felt !== undefined) yield* missed(life, history);
      if (life.isShielded && life.felt !== undefined) yield* leaked(life);
    }
  },
};

/** Below: what was open then, and what was opened later. */
function* missed(life: Life, history: History): Generator<string> {
  const felt = life.felt!;
  for (const child of history.lived) {
    if (child.isShielded || child.entered === undefined || aboveOf(child, felt.seq) !== life) continue;
    const since = child.opened!.seq;
    const isBelow = since < felt.seq ? child.isOpenAt(felt.seq) : life.isOpenAt(since);
    if (!isBelow) continue;
    const own = child.felt;
    if (own === undefined) yield `${child.name} did not feel the cancellation of ${life.name} around it (#${felt.seq})`;
    else if (own.seq > Math.max(felt.seq, child.entered.seq) && own.at > Math.max(felt.at, child.entered.at)) {
      yield `${child.name} felt the cancellation of ${life.name} around it (#${felt.seq}) only at #${own.seq}`;
    } else if (own.seq > felt.seq && felt.cause !== undefined && own.cause !== felt.cause && !isOwnDeadline(child) && !isCalls(child, felt.seq)) {
      yield `${child.name} felt ${describe(own.cause)} instead of the cancellation of ${life.name} around it`;
    }
  }
}

/** The cancellation of the combinator that called it was first: by itself, or because its opener had ended. */
function isCalls({ isBranch, parent, felt }: Life, seq: number): boolean {
  if (!isBranch || parent!.felt?.cause !== felt!.cause) return false;
  return parent!.wasCancelledBefore(seq) || (felt!.cause.source === "ended" && felt!.cause.by === parent!.by);
}

/** Whose cancellation reaches it. Of a combinator only the functions show what it felt. */
function aboveOf(child: Life, seq: number): Life | undefined {
  const parent = child.parentAt(seq);
  return child.isBranch ? parent!.parentAt(seq) : parent;
}

/** A deadline of its own that had come already was first. */
function isOwnDeadline({ name, felt }: Life): boolean {
  return felt?.cause.source === "deadline" && felt.cause.by === name;
}

function* leaked(shield: Life): Generator<string> {
  const { cause, seq } = shield.felt!;
  const outer = shield.around(seq).beyond.find(({ felt }) => felt?.cause === cause);
  if (outer !== undefined) yield `the shield ${shield.name} felt the cancellation of ${outer.name}`;
}
