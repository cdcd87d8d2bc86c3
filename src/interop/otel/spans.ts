/**
 * The spans of scopes and tasks.
 *
 * Invariants
 *   1. Each span that was begun is ended once.
 *   2. A scope without a span stands for the context in which it was opened: what is below it finds the span further out there.
 *   3. Nothing is kept of a scope but by a WeakMap; of an error that went on, the span where it began.
 */
import { context, type Context, createContextKey, propagation, type Span, type SpanContext, SpanStatusCode, trace, type Tracer } from "@opentelemetry/api";
import { arrivedAt, letTravel } from "../../context/travelling.ts";
import { CancelledError } from "../../index.ts";
import type { Ending, Observed, ObservedWait, Probe } from "../../lowlevel.ts";

/** How a context goes along with calls of works. */
const NAME = "espalier.otel";
/** In a context: the innermost span of ours, also where there are spans of the program within it. */
const OURS = createContextKey(NAME);

interface Entry {
  /** That of its span, or the one in which it was opened. */
  context: Context;
  span: Span | undefined;
  /** Whose span it is: that of an instrument() before this one may still be open. */
  by: Spans | undefined;
}

const entries = new WeakMap<Observed, Entry>();

letTravel(NAME, (at) => {
  const entry = entries.get(at);
  if (entry === undefined) return undefined;
  const carrier: Record<string, string> = {};
  propagation.inject(entry.context, carrier);
  return Object.keys(carrier).length === 0 ? undefined : { value: carrier };
});

export class Spans implements Probe {
  isOver = false;
  readonly #tracer: Tracer;
  readonly #isChosen: (scope: Observed) => boolean;
  readonly #onEmpty: () => void;
  readonly #origins = new WeakMap<object, SpanContext>();
  #open = 0;

  constructor(tracer: Tracer, isChosen: (scope: Observed) => boolean, onEmpty: () => void) {
    this.#tracer = tracer;
    this.#isChosen = isChosen;
    this.#onEmpty = onEmpty;
  }

  /** No more are made; told when the last one has ended. */
  stop(): void {
    this.isOver = true;
    if (this.#open === 0) this.#onEmpty();
  }

  opened(scope: Observed): void {
    if (this.isOver) return;
    entries.set(scope, { context: contextAround(scope), span: undefined, by: undefined });
    // A task begins when it is called, and so does a work, here or where it is called from.
    if (scope.kind !== "task" && scope.kind !== "work") this.#begin(scope);
  }

  calling(scope: Observed, call: () => void): void {
    const entry = this.#begin(scope);
    if (entry?.span === undefined) call();
    else context.with(entry.context, call);
  }

  /** The call of a work waits for it, and has no function here. */
  parked({ scope }: ObservedWait): void {
    if (scope.kind === "work") this.#begin(scope);
  }

  cancelled(scope: Observed): void {
    const { cause } = scope;
    const span = this.#spanOf(scope);
    if (span === undefined || !(cause instanceof CancelledError)) return;
    span.addEvent("cancelled", whyOf(cause));
    const origin = isObject(cause.reason) ? this.#origins.get(cause.reason) : undefined;
    if (origin !== undefined) span.addLink({ context: origin, attributes: { "espalier.link": "cancelled because this failed" } });
  }

  ended(scope: Observed, how: Ending, error?: unknown): void {
    const span = this.#spanOf(scope);
    if (span === undefined) return;
    span.setAttribute("espalier.outcome", how);
    if (how === "failed") this.#failed(span, error);
    else if (how === "cancelled" && scope.cause instanceof CancelledError) span.setAttributes(whyOf(scope.cause));
    span.end();
    this.#open--;
    if (this.isOver && this.#open === 0) this.#onEmpty();
  }

  #spanOf(scope: Observed): Span | undefined {
    const entry = entries.get(scope);
    return entry?.by === this ? entry.span : undefined;
  }

  #begin(scope: Observed): Entry | undefined {
    const entry = entries.get(scope);
    if (entry === undefined || entry.span !== undefined || this.isOver || !isShown(scope) || !this.#isChosen(scope)) return entry;
    // The root of a work has its caller's context from elsewhere; in this thread the caller's scope is around it.
    const arrived = scope.owner?.kind === "worker" ? arrivedAt(scope, NAME) : undefined;
    if (arrived !== undefined) entry.context = propagation.extract(entry.context, arrived.value);
    entry.span = this.#tracer.startSpan(scope.name, { attributes: { "espalier.kind": scope.kind } }, entry.context);
    entry.context = trace.setSpan(entry.context, entry.span).setValue(OURS, entry.span);
    entry.by = this;
    this.#open++;
    return entry;
  }

  #failed(span: Span, error: unknown): void {
    const message = error instanceof Error ? error.message : textOf(error);
    span.recordException(error instanceof Error ? error : message);
    span.setStatus({ code: SpanStatusCode.ERROR, message });
    if (isObject(error) && !this.#origins.has(error)) this.#origins.set(error, span.spanContext());
  }
}

/**
 * The context that is active, if it comes from the scope that this one belongs to: a span of the program may be in it. Not where a task of
 * a group starts another one of the same, or something from outside does.
 */
function contextAround({ owner }: Observed): Context {
  const active = context.active();
  const around = owner === undefined ? undefined : entries.get(owner)?.context;
  return around === undefined || active.getValue(OURS) === around.getValue(OURS) ? active : around;
}

/** Not foreign signals, nor the root of a worker, which ends with it; of the two scopes of a program the inner one. */
function isShown({ kind, owner }: Observed): boolean {
  return kind !== "signal" && kind !== "worker" && !(kind === "run" && owner?.kind !== "run");
}

function whyOf({ source, by, reason }: CancelledError): Record<string, string> {
  const why = { "espalier.cancel.source": source, "espalier.cancel.by": by };
  return reason === undefined ? why : { ...why, "espalier.cancel.reason": textOf(reason) };
}

function textOf(value: unknown): string {
  try {
    return String(value);
  } catch {
    return "something that cannot be shown";
  }
}

function isObject(value: unknown): value is object {
  return typeof value === "object" && value !== null;
}
