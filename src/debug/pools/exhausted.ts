/**
 * Pools of which all is held while somebody waits.
 *
 *   somebody waits ── who holds it all waits for that very one ───────────────────────▶ told at once, once for each task
 *         └── nobody gets on for a while, or the program has nothing else to do ──────▶ told, once until somebody does
 */
import type { Observed } from "../../lowlevel.ts";
import { atEnd } from "../end.ts";
import { functionOf, pathOf, startOf } from "../life.ts";
import { tell } from "../report.ts";
import { settings } from "../settings.ts";
import type { Account } from "./account.ts";

/** What is limited, and who has how much of it. */
interface Contested {
  readonly limited: { readonly kind: string; readonly name: string; readonly wayOut: string };
  /** How often somebody got some or gave some back. */
  readonly moves: number;
  readonly holders: readonly Account[];
  readonly waiting: ReadonlySet<Account>;
  /** Whether somebody waits, and all there is is held. */
  readonly isExhausted: boolean;
}

const MOST_HOLDERS = 10;
const MOST_WAITING = 3;

/** Where somebody waits. */
const watched = new Set<Contested>();
/** How many moves there had been when it was told. */
const toldAt = new WeakMap<Contested, number>();
const toldTasks = new WeakMap<Contested, WeakSet<Observed>>();
let isEndKnown = false;

export function noteWaiting(ledger: Contested, account: Account, isForItself: boolean): void {
  if (isForItself) return tellSelf(ledger, account);
  if (!isEndKnown) atEnd((end) => void (end === "idle" && tellIdle()));
  isEndKnown = true;
  if (!watched.has(ledger)) watch(ledger);
}

function watch(ledger: Contested): void {
  const { moves } = ledger;
  watched.add(ledger);
  settings.later(settings.exhausted, () => {
    watched.delete(ledger);
    if (ledger.waiting.size === 0) return;
    if (ledger.moves !== moves) watch(ledger);
    else tellStuck(ledger, `in the last ${settings.exhausted} ms nobody got on`);
  });
}

function tellIdle(): void {
  for (const ledger of watched) tellStuck(ledger, "the program has nothing else to do");
}

function tellSelf(ledger: Contested, account: Account): void {
  const task = functionOf(account.scope!);
  const tasks = toldTasks.get(ledger) ?? new WeakSet();
  if (tasks.has(task)) return;
  toldTasks.set(ledger, tasks.add(task));
  toldAt.set(ledger, ledger.moves);
  const count = ledger.holders.length === 1 ? "the only one is" : `all ${ledger.holders.length} are`;
  report(
    ledger,
    account,
    `"${account.name}" waits for ${titleOf(ledger)}, but ${count} held by functions that wait for that, by ${named(ledger.holders)}. ` +
      `It waits for itself, unless a callback, or a branch of one of them that cannot be seen, gives one back. Said once for each task.`,
  );
}

function tellStuck(ledger: Contested, why: string): void {
  if (!ledger.isExhausted || toldAt.get(ledger) === ledger.moves) return;
  toldAt.set(ledger, ledger.moves);
  const { holders } = ledger;
  const waiting = [...ledger.waiting];
  const [first] = waiting as [Account];
  const own = first.scope === undefined ? 0 : holders.filter(({ scope }) => scope !== undefined && functionOf(scope) === functionOf(first.scope!)).length;
  const itself = own === 0 ? "" : ` Its own task holds ${own} of them: that may be a deadlock with itself.`;
  report(
    ledger,
    first,
    `"${first.name}" waits for ${titleOf(ledger)}, and ${why}: ${holders.length === 1 ? "the only one is" : `all ${holders.length} are`} held, ` +
      `by ${named(holders)}. ${waiting.length === 1 ? "Waiting is" : `${waiting.length} wait:`} ${named(waiting, MOST_WAITING)}.${itself}`,
  );
}

function report({ limited }: Contested, { scope, name, place }: Account, what: string): void {
  tell({
    kind: "exhausted-pool",
    what,
    name,
    path: scope === undefined ? [name] : pathOf(scope),
    spawnedAt: scope === undefined ? undefined : startOf(scope),
    standsAt: place === undefined ? undefined : `${limited.kind}, ${place}`,
    advice: limited.wayOut,
  });
}

function titleOf({ limited: { kind, name } }: Contested): string {
  return name === kind ? `a ${kind}` : `the ${kind} "${name}"`;
}

/** `"report" for 10 ms since /srv/report.ts:12`: the first of them, and how many more. */
function named(accounts: readonly Account[], most = MOST_HOLDERS): string {
  const names = accounts.slice(0, most).map(({ name, ms, place }) => `"${name}" for ${ms} ms${place === undefined ? "" : ` since ${place}`}`);
  if (accounts.length > most) names.push(`${accounts.length - most} others`);
  return names.join(", ");
}
