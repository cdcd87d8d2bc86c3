/**
 * Stacks are what debug mode costs: some µs for each task and each wait. Of a burst, so many are taken in a turn, and after that one of a few:
 * a program that starts 10,000 tasks at once is not slowed down many times, and one that does not has all of them.
 */
import { Trace } from "../host/trace.ts";
import { settings } from "./settings.ts";

/** When a new count begins, in ms. */
const TURN = 20;
const ONE_OF = 256;

let taken = 0;
let isCounting = false;

/** The place from which something of ours was called; `undefined` in a burst. */
export function takeStack(): Trace | undefined {
  if (!isCounting) {
    isCounting = true;
    taken = 0;
    settings.later(TURN, () => (isCounting = false));
  }
  return ++taken > settings.stacks && taken % ONE_OF !== 0 ? undefined : Trace.ofCaller();
}
