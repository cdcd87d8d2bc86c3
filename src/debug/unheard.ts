/**
 * What nobody has asked for yet, and somebody may: an error that is kept, a promise that runs on.
 *
 *   left ── asked for ──▶ forgotten
 *     └── the patience is over, or the program ends ──▶ told
 *
 * Invariant: at most `MOST` are left at a time; for one more, the oldest is told.
 */
import { host } from "#host";
import { atEnd } from "./end.ts";
import { settings } from "./settings.ts";

const MOST = 1_000;

interface Left {
  readonly since: number;
  readonly tell: () => void;
}

/** The oldest first. */
const all = new Set<Left>();
let isWatching = false;
let isEndKnown = false;

/** Calls `tell`, unless what this gives is called before. */
export function unlessHeard(tell: () => void): () => void {
  const left: Left = { since: host.now(), tell };
  all.add(left);
  if (all.size > MOST) tellOldest();
  watch();
  if (!isEndKnown) atEnd(tellAll);
  isEndKnown = true;
  return () => void all.delete(left);
}

function watch(): void {
  if (isWatching) return;
  isWatching = true;
  settings.later(settings.patience / 4, () => {
    isWatching = false;
    const now = host.now();
    for (const { since } of all) {
      if (now - since < settings.patience) break;
      tellOldest();
    }
    if (all.size > 0) watch();
  });
}

function tellAll(): void {
  while (all.size > 0) tellOldest();
}

function tellOldest(): void {
  for (const left of all) {
    all.delete(left);
    return left.tell();
  }
}
