import { MisuseError } from "espalier";
import type { Oracle } from "./oracle.ts";

export const g13: Oracle = {
  guarantee: "G13",
  demands: "a group accepts tasks while its body or any task runs, and refuses them when it has ended",
  *check(history) {
    const { lives, waits } = history;
    for (const { begun, woke, scope } of waits) {
      if (begun.step.for !== "start") continue;
      const { group, entered, opened } = lives.get(begun.step.task)!;
      const isOpen = group!.isOpenAt(begun.seq) && scope.isOpenAt(begun.seq);
      if (opened === undefined && isOpen) yield `${group!.name} refused to start ${begun.step.task}, though something in it was running`;
      if (opened !== undefined && group!.isOverAt(begun.seq)) yield `${group!.name} started ${begun.step.task}, though it had ended`;
      if (woke === undefined && entered === undefined) yield `${begun.step.task} was never started`;
    }
    for (const { task, result } of history.of("spawned")) {
      const { group: name, seq } = history.of("spawning").find((one) => one.task === task)!;
      const group = lives.get(name)!;
      const isRefused = !result.ok && result.error instanceof MisuseError && result.error.code === "SCOPE_ENDED";
      if (!result.ok && !isRefused) yield `spawning ${task} threw what is no refusal`;
      if (!result.ok && group.isOpenAt(seq)) yield `${name} refused ${task}, though something in it was running`;
      if (result.ok && group.isOverAt(seq)) yield `${name} accepted ${task}, though it had ended`;
      if (!result.ok && lives.get(task)?.entered !== undefined) yield `${name} refused ${task}, and called it`;
    }
  },
};
