/**
 * What more workers would gain, from what was measured with one.
 *
 *     time(n) = serial + parallel ÷ n
 *
 * `serial` is the processor time of who calls: the calls, what is sent with them and what comes back. `parallel` is that of the worker. A
 * model, no measurement: it lets nothing overlap, which makes it slow; and it gives each worker a core of its own, of the same clock, with its
 * own way to the memory, which makes it fast.
 */
import type { Point } from "../board.ts";

export interface Parts {
  /** All in ms: without a pool; of who calls; of the workers together. */
  readonly inline: number;
  readonly serial: number;
  readonly parallel: number;
}

export const modelled = ({ serial, parallel }: Pick<Parts, "serial" | "parallel">, workers: number): number => serial + parallel / workers;

/** Speed-up beside no pool, from one worker to `most`. */
export const speedUps = (parts: Parts, most: number): Point[] => Array.from({ length: most }, (_, place) => ({ x: place + 1, y: parts.inline / modelled(parts, place + 1) }));
