/** Turns debug mode on: whoever imports this has it. */
import { startWatchdog } from "#watchdog";
import { host } from "#host";
import { setDebugging } from "../host/debugging.ts";
import { attachProbe } from "../lowlevel.ts";
import { keepLedgers } from "../sync/ledgers.ts";
import { checkSwallowed, noteCancelled, noteRefused, noteUnparked } from "./cancellations.ts";
import { checkForgotten } from "./forgotten.ts";
import { begin, functionOf, standAt } from "./life.ts";
import "./outside.ts";
import { watchPromises } from "./escaped.ts";
import { noteCarried, noteIsolated, tellDropped } from "./lost.ts";
import { ledgerFor } from "./pools/ledger.ts";
import { runs } from "./watchdog/current.ts";

/** Ours are on top of the user's, up to twenty where a pool is asked: so many frames show the line that is looked for. */
const FRAMES = 32;

const engine = Error as { stackTraceLimit?: number };
if ((engine.stackTraceLimit ?? 0) < FRAMES) engine.stackTraceLimit = FRAMES;
setDebugging(true);
attachProbe({
  opened(scope) {
    begin(scope);
    if (scope.kind === "task") runs(scope);
  },
  ended(scope, how, error) {
    checkSwallowed(scope);
    if (how === "failed") noteIsolated(scope, error);
  },
  cancelled: noteCancelled,
  parked: standAt,
  unparked(wait) {
    checkForgotten(wait);
    noteUnparked(wait);
    runs(functionOf(wait.scope));
  },
  refused: noteRefused,
  carried: noteCarried,
  dropped: tellDropped,
});
keepLedgers(ledgerFor);
startWatchdog();
if (host.variable?.("ESPALIER_DEBUG") === "deep") watchPromises();
