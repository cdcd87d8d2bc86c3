/** For whoever asks in the environment, which is no place to fail: `ESPALIER_DUMP_SIGNAL=SIGQUIT`. */
import { host } from "#host";
import { warn } from "../host/warn.ts";
import { dumpOnSignal } from "./dump-on-signal.ts";

try {
  dumpOnSignal(host.variable?.("ESPALIER_DUMP_SIGNAL") ?? "");
} catch (error) {
  warn(`ESPALIER_DUMP_SIGNAL is without effect: ${(error as Error).message}`);
}
