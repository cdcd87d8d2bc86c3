import { MisuseError } from "espalier";
import { describeResult } from "../describe.ts";
import type { Oracle } from "./oracle.ts";

export const g04: Oracle = {
  guarantee: "G4",
  demands: "in a cancelled scope every library operation throws the cancellation, each time, until the scope is left",
  *check({ waits }) {
    for (const { begun, woke, scope } of waits) {
      const { felt } = scope;
      // A start's function starts all the same: see G15.
      if (felt === undefined || felt.seq > begun.seq || woke === undefined || scope.isOverAt(begun.seq) || begun.step.for === "start") continue;
      const { result } = woke;
      const thrown = result.ok ? undefined : result.error;
      const isExcused = thrown instanceof MisuseError && (thrown.code === "SELF_JOIN" || !scope.isOpenAt(begun.seq));
      const wait = `wait #${begun.seq} began in ${scope.name}, which was cancelled (#${felt.seq}),`;
      if (thrown !== felt.cause && !isExcused) yield `${wait} and ${describeResult(result)}`;
      else if (woke.at > begun.at) yield `${wait} and threw only after ${woke.at - begun.at} ms`;
    }
  },
};
