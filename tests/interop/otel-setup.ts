/** OpenTelemetry as a program sets it up, but that what is exported stays here. */
import { context, propagation, trace } from "@opentelemetry/api";
import { AsyncLocalStorageContextManager } from "@opentelemetry/context-async-hooks";
import { W3CTraceContextPropagator } from "@opentelemetry/core";
import { InMemorySpanExporter, type ReadableSpan, SimpleSpanProcessor, type SpanProcessor, TracerProvider } from "@opentelemetry/sdk-trace";

const exporter = new InMemorySpanExporter();
let log: string[] = [];

/** In which order spans begin and end: their times are those of the system's clock. */
const order: SpanProcessor = {
  onStart: ({ name }) => void log.push(`${name} begins`),
  onEnd: ({ name }) => void log.push(`${name} ends`),
  forceFlush: async () => {},
  shutdown: async () => {},
};

context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable());
propagation.setGlobalPropagator(new W3CTraceContextPropagator());
trace.setGlobalTracerProvider(new TracerProvider({ spanProcessors: [order, new SimpleSpanProcessor({ exporter })] }));

/** The spans that have ended since it was asked last. */
export function takeSpans(): ReadableSpan[] {
  const spans = exporter.getFinishedSpans();
  exporter.reset();
  return spans;
}

/** What has begun and ended since it was asked last. */
export function takeOrder(): string[] {
  const taken = log;
  log = [];
  return taken;
}
