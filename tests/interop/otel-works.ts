/** Works of a program that is traced; their workers are, too. */
import { isMainThread } from "node:worker_threads";
import { trace } from "@opentelemetry/api";
import { sleep } from "espalier";
import { work } from "espalier/executor";
import { instrument } from "espalier/otel";
import { takeSpans } from "./otel-setup.ts";

if (!isMainThread) instrument({ spans: "tasks" });

/** Gives the span that is active in it, after a wait and a task of its own. */
export const spanOfWork = work(import.meta, "spanOfWork", async (_input: undefined, scope) => {
  await scope.group((group) => {
    group.spawn((own) => sleep(1, own), { name: "inner" });
  });
  return trace.getActiveSpan()?.spanContext();
});

/** Gives what its worker has exported so far: names, with their own ids and those of their parents. */
export const exported = work(import.meta, "exported", () =>
  takeSpans().map((span) => {
    const { traceId, spanId } = span.spanContext();
    return { name: span.name, traceId, id: spanId, parent: span.parentSpanContext?.spanId };
  }),
);
