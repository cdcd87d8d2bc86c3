import { endsOf, hasSucceeded } from "../combined.ts";
import type { Life } from "../life.ts";
import { isCombination } from "../program.ts";
import { verdictOf } from "../verdict.ts";
import type { Oracle } from "./oracle.ts";

export const a13: Oracle = {
  guarantee: "A13",
  demands: "race and any hand every value that they do not return to discard, once, and none that they return",
  *check({ lived }) {
    for (const call of lived) if (call.settled !== undefined && isCombination(call.spec) && call.spec.discard !== undefined) yield* problems(call);
  },
};

function* problems(call: Life): Generator<string> {
  const { result } = call.settled!;
  for (const end of endsOf(call, verdictOf)) {
    const value = `value of ${end.branch.name}`;
    const times = call.discards.filter(({ begun }) => begun.value === value).length;
    const isReturned = result.ok && result.value === value;
    if (isReturned && times > 0) yield `${call.name} gave the ${value}, and discarded it`;
    else if (times > 1) yield `${call.name} discarded the ${value} ${times} times`;
    else if (!isReturned && times === 0 && hasSucceeded(end)) yield `${call.name} neither gave the ${value} nor discarded it`;
  }
}
