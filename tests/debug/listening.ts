/** Debug mode in a test: its reports, and time that passes when it is told to. */
import { afterEach, beforeEach } from "node:test";
import { type DebugReport, onReport } from "espalier/debug";
import { settings } from "../../src/debug/settings.ts";

const real = { ...settings };

/** What was told in the test that runs. */
export let reports: DebugReport[] = [];
/** What waits for real time to pass. */
let timers: (() => void)[] = [];

export const kinds = (): string[] => reports.map(({ kind }) => kind);

/** All patience is over. */
export function lose(rounds = 3): void {
  for (let round = 0; round < rounds; round++) for (const fire of timers.splice(0)) fire();
}

/** For each test of the file. */
export function listen(): void {
  let listening: Disposable;
  beforeEach(() => {
    reports = [];
    timers = [];
    listening = onReport((report) => reports.push(report));
    // The machine may be busy.
    settings.blocked = 60_000;
    settings.cancelGrace = settings.patience = Number.MIN_VALUE;
    settings.later = (_, callback) => void timers.push(callback);
  });
  afterEach(() => {
    lose();
    listening[Symbol.dispose]();
    Object.assign(settings, real);
  });
}
