import { host } from "#host";
import { dumpText } from "../inspect/dump-text.ts";
import { dumpHere } from "../inspect/dump.ts";

const MOST_ENTRIES = 100_000;

/**
 * Writes what runs to standard error at each `signal`, until the returned object is disposed: the tree of all scopes and tasks, each with what it
 * waits for, equal ones once with their number. The program goes on, and is not kept alive by it.
 *
 * `ESPALIER_DUMP_SIGNAL=SIGQUIT` in the environment does the same, and needs no debug mode. A program that is busy writes when its event loop
 * comes round; `espalier tree` asks it at once. Throws TypeError for what is no signal, for one that nobody can listen to, and where there are none (browsers). Cost: until
 * it comes, a listener.
 *
 * @example
 * ```ts
 * import { dumpOnSignal } from "espalier/debug";
 *
 * const dumps = dumpOnSignal("SIGQUIT"); // Ctrl-\ in a terminal, as with Java and Go
 * dumps[Symbol.dispose]();
 * ```
 */
export function dumpOnSignal(signal: string): Disposable {
  const { process } = host;
  if (process === undefined) throw new TypeError(`dumpOnSignal("${signal}") needs a process that can be sent signals: here is none. tree() of espalier/lowlevel says what runs.`);
  if (process.signalNumber(signal) === 0) throw new TypeError(`dumpOnSignal() needs the name of a signal, "SIGQUIT" or "SIGUSR2", and got ${String(signal)}.`);
  const forget = process.onSignals([signal], () => console.error(dumpText(dumpHere(MOST_ENTRIES))));
  return { [Symbol.dispose]: forget };
}
