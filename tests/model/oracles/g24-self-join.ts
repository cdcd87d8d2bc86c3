import { MisuseError } from "espalier";
import { describeResult } from "../describe.ts";
import type { Oracle } from "./oracle.ts";

export const g24: Oracle = {
  guarantee: "G24",
  demands: "joining a task from within it is a MisuseError",
  *check({ waits, lives }) {
    for (const { begun, woke, scope } of waits) {
      if ((begun.step.for !== "join" && begun.step.for !== "settled") || woke === undefined) continue;
      const { reached, beyond } = scope.around(begun.seq);
      const isInside = [...reached, ...beyond].includes(lives.get(begun.step.task)!);
      const thrown = woke.result.ok ? undefined : woke.result.error;
      const { outcome } = lives.get(begun.step.task)!;
      if (outcome?.status === "failed" && outcome.error === thrown) continue;
      const isRefused = thrown instanceof MisuseError && thrown.code === "SELF_JOIN";
      const isCancelled = scope.felt !== undefined && scope.felt.at <= begun.at;
      const isExcused = isRefused || isCancelled || !scope.isOpenAt(begun.seq);
      if (isInside && !isExcused) yield `wait #${begun.seq} joined ${begun.step.task} from within, and ${describeResult(woke.result)}`;
      if (!isInside && isRefused) yield `wait #${begun.seq} was refused as a join from within`;
    }
  },
};
