/** Operations whose await was forgotten: still pending when the function that began them had ended. */
import type { ObservedWait } from "../lowlevel.ts";
import { ScopeNode } from "../scope/node.ts";
import { found } from "./found.ts";
import { placeOf } from "./life.ts";

/** Told of each wait that is over. */
export function checkForgotten(wait: ObservedWait): void {
  const { scope, label } = wait;
  // What waits in a scope that ends is let go, and only that: nothing else is over in an ended scope.
  if (!(scope instanceof ScopeNode) || !scope.ended) return;
  found(scope, {
    kind: "forgotten-await",
    what: `"${label}" was still pending when "${scope.name}" had ended, and was let go.`,
    standsAt: placeOf(wait),
    advice: "await it, or spawn what waits for it as a task. The loser of a Promise.race is such a wait too: scope.race() ends it properly.",
  });
}
