/** Turns debug mode on: whoever imports this has it. */
import { runs, startWatchdog } from "#watchdog";
import { setDebugging } from "../host/debugging.ts";
import { attachProbe } from "../lowlevel.ts";
import { checkSwallowed, noteCancelled, noteDelivered, noteUnparked } from "./cancellations.ts";
import { checkForgotten } from "./forgotten.ts";
import { begin, functionOf, standAt } from "./life.ts";
import { tellDropped } from "./lost.ts";

/** Ours are on top of the user's: so many frames show the line that is looked for. */
const FRAMES = 30;

const engine = Error as { stackTraceLimit?: number };
if ((engine.stackTraceLimit ?? 0) < FRAMES) engine.stackTraceLimit = FRAMES;
setDebugging(true);
attachProbe({
  opened(scope) {
    begin(scope);
    if (scope.kind === "task") runs(scope);
  },
  ended: checkSwallowed,
  cancelled: noteCancelled,
  parked: standAt,
  unparked(wait) {
    checkForgotten(wait);
    noteUnparked(wait);
    runs(functionOf(wait.scope));
  },
  refused: (scope, call) => noteDelivered(scope, call, undefined),
  dropped: tellDropped,
});
startWatchdog();
