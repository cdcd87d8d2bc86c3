import { trace, type Tracer } from "@opentelemetry/api";
import { MisuseError } from "../../index.ts";
import { attachProbe, type Observed } from "../../lowlevel.ts";
import { Spans } from "./spans.ts";

/** Which spans there are, and whose they are. */
export interface InstrumentOptions {
  /**
   * What gets a span: `"tasks"`, by default: each task and each work; `"scopes"`: also groups, time limits, shields and programs; `"named"`: of all
   * these, those that have a name, their own or that of their function; or what a function says. What has none is left out of the trace, and what is
   * below it belongs to the next one further out.
   */
  readonly spans?: "tasks" | "scopes" | "named" | ((scope: Observed) => boolean) | undefined;
  /** By default the global one, by the name of `espalier`. */
  readonly tracer?: Tracer | undefined;
}

const CHOICES: Readonly<Record<string, (scope: Observed) => boolean>> = {
  tasks: ({ kind }) => kind === "task" || kind === "work",
  scopes: () => true,
  named: ({ name, kind }) => name !== kind,
};

let isOn = false;

/**
 * Makes a span of each task from now on, until the returned object is disposed; or of each scope too, or of some.
 *
 * Guarantees
 *   - A span begins when the function is called, not while it waits for a place, and ends when everything in it has ended. Its parent is the span that
 *     was active where it was started, if that belongs to the scope that it was started in; else that of this scope.
 *   - It is active in the function and in all that this awaits: spans of the program and of other instrumentations are below it.
 *   - What failed has the error recorded and the status of an error. What was cancelled has not: `espalier.outcome` is `"cancelled"`, and
 *     `espalier.cancel.source`, `.by` and `.reason` say why. Where a failure was the cause, there is a link to the span that failed.
 *   - Calls of works carry the context along, by the global propagator: where the worker's thread or process is instrumented too, the work is below its call.
 *
 * Waits for nothing. Throws MisuseError `"ALREADY_STARTED"` while another one is in force; TypeError for a choice that is none. Disposed,
 * it makes no more spans; those that are open still end. Cost: what OpenTelemetry asks for a span; off, nothing.
 *
 * @example
 * ```ts
 * import { context } from "@opentelemetry/api";
 * import { AsyncLocalStorageContextManager } from "@opentelemetry/context-async-hooks";
 * import { InMemorySpanExporter, SimpleSpanProcessor, TracerProvider } from "@opentelemetry/sdk-trace";
 * import { taskGroup } from "espalier";
 * import { instrument } from "espalier/otel";
 *
 * context.setGlobalContextManager(new AsyncLocalStorageContextManager());
 * const exporter = new InMemorySpanExporter();
 * const provider = new TracerProvider({ spanProcessors: [new SimpleSpanProcessor({ exporter })] });
 *
 * const instrumented = instrument({ tracer: provider.getTracer("app") });
 * await taskGroup((group) => void group.spawn(() => {}, { name: "fetchPage" }));
 * instrumented[Symbol.dispose]();
 * console.log(exporter.getFinishedSpans().map(({ name }) => name)); // [ 'fetchPage' ]
 * ```
 */
export function instrument(options: InstrumentOptions = {}): Disposable {
  const { spans = "tasks", tracer = trace.getTracer("espalier") } = options;
  const chosen = typeof spans === "function" ? spans : Object.hasOwn(CHOICES, spans) ? CHOICES[spans] : undefined;
  if (chosen === undefined) throw new TypeError(`instrument() knows spans: "tasks", "scopes", "named", or a function, and got ${String(spans)}.`);
  if (isOn) {
    throw new MisuseError("ALREADY_STARTED", "instrument() was called while another one is in force: each task would have two spans. Call it once, where OpenTelemetry is set up, or dispose of the other one first.");
  }
  isOn = true;
  const all = new Spans(tracer, chosen, () => attached[Symbol.dispose]());
  const attached = attachProbe(all);
  return {
    [Symbol.dispose]() {
      if (!all.isOver) isOn = false;
      all.stop();
    },
  };
}
