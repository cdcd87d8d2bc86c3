import { MisuseError } from "espalier";
import type { Oracle } from "./oracle.ts";

export const g13: Oracle = {
  guarantee: "G13",
  demands: "a group accepts tasks while its body or any task runs, and refuses them when it has ended",
  *check({ entries, lives, waits }) {
    for (const { begun, woke, scope } of waits) {
      if (begun.step.for !== "start") continue;
      const { group, entered, opened } = lives.get(begun.step.task)!;
      const isOpen = group!.isOpenAt(begun.seq) && scope.isOpenAt(begun.seq);
      if (opened === undefined && isOpen) yield `${group!.name} refused to start ${begun.step.task}, though something in it was running`;
      if (opened !== undefined && group!.isOverAt(begun.seq)) yield `${group!.name} started ${begun.step.task}, though it had ended`;
      if (woke === undefined && entered === undefined) yield `${begun.step.task} was never started`;
    }
    for (const spawned of entries) {
      if (spawned.is !== "spawned") continue;
      const { group: name, seq } = entries.findLast((entry) => entry.is === "spawning" && entry.task === spawned.task && entry.seq < spawned.seq) as Extract<(typeof entries)[number], { is: "spawning" }>;
      const group = lives.get(name)!;
      const { result } = spawned;
      const isRefused = !result.ok && result.error instanceof MisuseError && result.error.code === "SCOPE_ENDED";
      if (!result.ok && !isRefused) yield `spawning ${spawned.task} threw what is no refusal`;
      if (!result.ok && group.isOpenAt(seq)) yield `${name} refused ${spawned.task}, though something in it was running`;
      if (result.ok && group.isOverAt(seq)) yield `${name} accepted ${spawned.task}, though it had ended`;
      if (!result.ok && lives.get(spawned.task)?.entered !== undefined) yield `${name} refused ${spawned.task}, and called it`;
    }
  },
};
