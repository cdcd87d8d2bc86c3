/** Where no other thread can look at what this one does. */
import type { Observed } from "../../lowlevel.ts";

export function runs(_scope: Observed): void {}

export function startWatchdog(): void {}
