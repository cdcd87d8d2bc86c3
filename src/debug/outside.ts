/** What debug mode answers to who looks into the program from outside: the watchdog, and `espalier inspect`. */
import type { Observed } from "../lowlevel.ts";
import { standOf, startOf } from "./life.ts";
import { describeCurrent } from "./watchdog/current.ts";

export const answers = {
  /** JSON: what runs. */
  describeCurrent: (): string => JSON.stringify(describeCurrent()),
  /** Where a scope was started, and where it stands. */
  placesOf(scope: Observed): { readonly started?: string; readonly stands?: string } {
    const [started, stands] = [startOf(scope), standOf(scope)];
    return { ...(started === undefined ? undefined : { started }), ...(stands === undefined ? undefined : { stands }) };
  },
  /** How often the watchdog has told of something. */
  stalls: (): number => 0,
};

Object.defineProperty(globalThis, Symbol.for("espalier.debug"), { value: answers, configurable: true });
