/**
 * What the contract lets come out of a scope, from what was seen to happen inside it: which failures, and whose
 * cancellation, if one interrupted it. Nothing here knows how the library finds that out.
 */
import { CancelledError, suppressed } from "espalier";
import { combined, endsOf } from "./combined.ts";
import { type Failure, optional, thrownTogether, type Verdict } from "./failure.ts";
import type { Life, Told } from "./life.ts";
import { exactly, misuse, partsOf, timeoutOf } from "./shape.ts";

const verdicts = new WeakMap<Life, Verdict>();

/** The verdict on a scope, task or cleanup whose function has ended, or on a combinator's call; `undefined` for one that never did. */
export function verdictOf(life: Life): Verdict | undefined {
  const { left } = life;
  if (left === undefined && (!life.isCombination || life.opened === undefined)) return undefined;
  const known = verdicts.get(life) ?? (left === undefined ? combined(life, endsOf(life, verdictOf)) : found(life, left));
  verdicts.set(life, known);
  return known;
}

function found(life: Life, left: Told<"left">): Verdict {
  const parts = left.result.ok ? undefined : partsOf(left.result.error, life, left);
  const failures: Failure[] = parts?.failure === undefined ? [] : [{ ...parts.failure, since: left.seq, own: true, required: !parts.doubtful }];
  if (parts?.cancellation !== undefined && !left.result.ok) failures.push(...attachedTo(left.result.error, left.seq));
  failures.push(...forgotten(life, left.seq, left.result.ok), ...misplaced(life, left.seq), ...orphaned(life, left.seq), ...life.cleanups.flatMap(ofCleanup));
  if (life.kind === "group") failures.push(...life.tasks.flatMap((task) => ofTask(task, life)), ...ofReporter(life));
  failures.sort((a, b) => a.since - b.since);
  const open = parts?.beyond === true || parts?.doubtful === true || life.tasks.some((task) => isCutFromBeyond(task) || isCutWithout(life, task));
  return { failures, cancellation: parts?.cancellation, open };
}

/** What hung on an error that turned out to be a cancellation is a failure still. */
function attachedTo(error: unknown, since: number): Failure[] {
  return suppressed(error).map((one) => ({ ...exactly(one), since, own: true, required: false }));
}

/** G16: child scopes that the function left running when it returned. */
function forgotten(life: Life, leftAt: number, returned: boolean): Failure[] {
  const running = life.scopes.filter((child) => child.opened!.seq < leftAt && child.goneAt > leftAt);
  if (!returned || running.length === 0) return [];
  const surely = running.filter((child) => child.isRunningAt(leftAt) && child.by === life.name && !isOverSoon(child, life));
  return [{ ...misuse("UNAWAITED", surely.map(({ label }) => label)), since: leftAt, own: true, required: surely.length > 0 }];
}

/** What another function opened in a group whose body had ended: what awaits it is not to be seen, and the contract says nothing of it. */
function misplaced(life: Life, leftAt: number): Failure[] {
  const isOpened = life.kind === "group" && life.scopes.some(({ opened, by }) => opened!.seq > leftAt && by !== life.name);
  return isOpened ? [{ ...misuse("UNAWAITED"), since: life.busyUntil, own: false, required: false }] : [];
}

/** Whether it may be over when the end of a function of `map` is seen, which is a turn later. */
function isOverSoon({ left }: Life, life: Life): boolean {
  return life.label === "map" && left?.at === life.left?.at;
}

/** Failures of child scopes that the function left running, and so awaits no more. */
function orphaned(life: Life, leftAt: number): Failure[] {
  return life.scopes.flatMap((child) => {
    const { settled } = child;
    if (child.goneAt < leftAt || settled === undefined || settled.result.ok) return [];
    const { error } = settled.result;
    const required = child.by === life.name && child.isRunningAt(leftAt) && !isEnding(error, child, life) && partsOf(error, life, settled).failure !== undefined;
    return [{ ...exactly(error), since: child.runsUntil, own: false, required }];
  });
}

/** Whether a child that was left running tells just that. */
function isEnding(error: unknown, { felt }: Life, { label }: Life): boolean {
  return error === felt?.cause || (error instanceof CancelledError && error.source === "ended" && error.by === label);
}

/** A cleanup is a shield that the scope awaits itself: of its failures the first is thrown, and carries the others. */
function ofCleanup(cleanup: Life): Failure[] {
  const verdict = verdictOf(cleanup);
  if (verdict === undefined) return [];
  const { cancellation, open, failures } = verdict;
  const since = cleanup.left!.seq;
  const [first, ...others] = thrownTogether(failures);
  if (first?.required === true) return [...ofCleanupsFirst(first, cleanup), ...others];
  if (first !== undefined) others.push(first);
  if (cancellation === undefined) return others;
  const cut = cancellation.source === "deadline" ? timeoutOf(cancellation) : exactly(cancellation);
  return [...others, { ...cut, since, own: false, required: !open && others.length === 0 }];
}

/** An abort error in it may be a cancellation to its owner, which is not shielded from itself. */
function ofCleanupsFirst(first: Failure, { parent, left }: Life): Failure[] {
  const parts = "error" in first ? partsOf(first.error, parent!, left!) : undefined;
  if (parts?.cancellation === undefined) return [first];
  return [first, parts.failure ?? first, ...attachedTo(first.error, first.since)].map((one) => optional({ ...first, ...one }));
}

function ofTask(task: Life, group: Life): Failure[] {
  if (task.outcome?.status !== "failed" || group.spec.kind !== "group" || group.spec.onError !== undefined || task.isCallers) return [];
  return [{ ...exactly(task.outcome.error), since: task.runsUntil, own: false, required: true }];
}

function ofReporter(group: Life): Failure[] {
  return group.reports.flatMap(({ handled }) =>
    handled === undefined || handled.result.ok ? [] : [{ ...exactly(handled.result.error), since: handled.seq, own: false, required: true }],
  );
}

/** A group that its opener left running (G16) is cancelled as itself and from outside: what it gives is nobody's. */
function isCutWithout({ felt }: Life, { outcome }: Life): boolean {
  return felt?.cause.source === "ended" && outcome?.status === "cancelled" && outcome.reason === felt.cause;
}

function isCutFromBeyond(task: Life): boolean {
  const { outcome, goneAt } = task;
  return outcome?.status === "cancelled" && task.around(goneAt).beyond.some(({ felt }) => felt?.cause === outcome.reason);
}

/** The cancellation of the scope around, as far as it can decide what a call gives. */
export function outerOf(life: Life): { readonly surely?: CancelledError; readonly perhaps?: CancelledError } {
  const felt = life.isShielded ? undefined : life.parentAt(life.goneAt)?.felt;
  if (felt === undefined || felt.seq > life.goneAt) return {};
  return felt.seq < life.runsUntil ? { surely: felt.cause } : { perhaps: felt.cause };
}

/** The task of a group that a cancellation from further out interrupted (G11). */
export function interruptedFromOutside(group: Life): Life | undefined {
  return group.tasks.find((task) => {
    if (task.outcome?.status !== "cancelled" || task.isCallers) return false;
    const { reason } = task.outcome;
    return group.around(group.goneAt).reached.slice(1).some(({ felt }) => felt?.cause === reason);
  });
}

/** What a call, or a task, gave. */
export type Given = { readonly ok: true; readonly value: unknown } | { readonly ok: false; readonly error: unknown; readonly attached: readonly unknown[] };

export function outcomeOf(life: Life): Given | undefined {
  const { settled, outcome } = life;
  if (!life.isTask) {
    const result = settled?.result;
    return result === undefined || result.ok ? result : { ...result, attached: settled!.attached };
  }
  if (outcome === undefined || outcome.status === "succeeded") return outcome && { ok: true, value: outcome.value };
  const error = outcome.status === "failed" ? outcome.error : outcome.reason;
  return { ok: false, error, attached: suppressed(error) };
}

/** The cancellation that a call must answer for: it interrupted the function and nothing failed. */
export function interruptedBy(life: Life): { readonly cause: CancelledError; readonly outer: ReturnType<typeof outerOf> } | undefined {
  const verdict = verdictOf(life);
  if (verdict === undefined || verdict.failures.length > 0 || verdict.open || verdict.cancellation === undefined) return undefined;
  return { cause: verdict.cancellation, outer: outerOf(life) };
}
