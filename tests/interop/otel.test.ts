/** Spans of scopes and tasks, made by the real SDK. */
import assert from "node:assert/strict";
import { afterEach, describe, test } from "node:test";
import { SpanStatusCode, trace } from "@opentelemetry/api";
import { type Scope, sleep, sleepForever, taskGroup, run } from "espalier";
import { inline, openInlinePool } from "espalier/executor";
import { instrument, type InstrumentOptions } from "espalier/otel";
import { testClock } from "espalier/testing";
import { threadPool } from "espalier/threads";
import { takeOrder, takeSpans } from "./otel-setup.ts";
import { exported, spanOfWork } from "./otel-works.ts";

type Span = ReturnType<typeof takeSpans>[number];

const tracer = trace.getTracer("test");
const failure = new Error("broken");
let instrumented: Disposable | undefined;

afterEach(() => {
  instrumented?.[Symbol.dispose]();
  takeSpans();
});

async function spansOf(options: InstrumentOptions, program: () => Promise<unknown>): Promise<Span[]> {
  instrumented = instrument(options);
  await program().catch(() => {});
  instrumented[Symbol.dispose]();
  return takeSpans();
}

/** The spans as a tree: each by its name, with those below it. */
function treeOf(spans: readonly Span[], parent?: string): object {
  const below = spans.filter((span) => span.parentSpanContext?.spanId === parent);
  return Object.fromEntries(below.map((span) => [span.name, treeOf(spans, span.spanContext().spanId)]));
}

const named = (spans: readonly Span[], name: string): Span => spans.find((span) => span.name === name)!;

const program = (): Promise<unknown> =>
  run(
    (scope) =>
      scope.failAfter(60_000, async (limit) => {
        await limit.group(
          (group) => {
            group.spawn((own) => own.group((inner) => void inner.spawn(() => sleep(1, own), { name: "deep" })), { name: "page" });
          },
          { name: "crawl" },
        );
      }),
    { name: "main", signals: [] },
  );

describe("instrument() makes spans", () => {
  test("of tasks, of scopes too, of those that have a name, or of those that are chosen", async () => {
    assert.deepEqual(treeOf(await spansOf({}, program)), { page: { deep: {} } });
    assert.deepEqual(treeOf(await spansOf({ spans: "scopes" }, program)), { main: { failAfter: { crawl: { page: { taskGroup: { deep: {} } } } } } });
    assert.deepEqual(treeOf(await spansOf({ spans: "named" }, program)), { main: { crawl: { page: { deep: {} } } } });
    assert.deepEqual(treeOf(await spansOf({ spans: ({ name }) => name === "crawl" || name === "deep" }, program)), { crawl: { deep: {} } });
  });

  test("that are active in the functions: what the program makes is below them, and they are below what it makes", async () => {
    const work = async (scope: Scope): Promise<void> => {
      await sleep(1, scope);
      await tracer.startActiveSpan("query", async (span) => {
        await scope.group((group) => void group.spawn(() => sleep(1, group), { name: "row" }));
        span.end();
      });
    };
    const spans = await spansOf({}, () =>
      tracer.startActiveSpan("request", async (span) => {
        await taskGroup((group) => {
          group.spawn(work, { name: "one" });
          group.spawn((scope) => scope.group((inner) => tracer.startActiveSpan("by hand", (own) => (inner.spawn(() => {}, { name: "two" }), own.end()))), { name: "other" });
        });
        span.end();
      }),
    );
    assert.deepEqual(treeOf(spans), { request: { one: { query: { row: {} } }, other: { "by hand": { two: {} } } } });
    assert.equal(new Set(spans.map((span) => span.spanContext().traceId)).size, 1);
  });

  test("below the scope that a task belongs to, not below the sibling that started it", async () => {
    const spans = await spansOf({ spans: "scopes" }, () =>
      taskGroup((group) => void group.spawn(async () => void group.spawn(() => {}, { name: "second" }), { name: "first" }), { name: "group" }),
    );
    assert.deepEqual(treeOf(spans), { group: { first: {}, second: {} } });
  });

  test("that begin when the task is called, and never for one that is not", async () => {
    takeOrder();
    await spansOf({}, () =>
      taskGroup(
        async (group) => {
          const first = group.spawn(() => tracer.startActiveSpan("mark", (span) => sleep(2, group).then(() => span.end())), { name: "first" });
          const second = group.spawn(sleepForever, { name: "second" });
          group.spawn(() => {}, { name: "third" });
          await first.join();
          await sleep(1, group);
          assert.equal(second.status, "running");
          group.cancel();
        },
        { concurrency: 1 },
      ),
    );
    assert.deepEqual(takeOrder(), ["first begins", "mark begins", "mark ends", "first ends", "second begins", "second ends"]);
  });

  test("with the error of what failed, and for what was cancelled the why and no error, with a link to the span that was the cause", async () => {
    const spans = await spansOf({ spans: "scopes" }, () =>
      taskGroup(
        (group) => {
          group.spawn(sleepForever, { name: "cut" });
          group.spawn(() => sleep(1, group).then(() => Promise.reject(failure)), { name: "bad" });
        },
        { clock: testClock(), name: "group" },
      ),
    );
    const [bad, cut, group] = ["bad", "cut", "group"].map((name) => named(spans, name)) as [Span, Span, Span];
    assert.deepEqual(bad.status, { code: SpanStatusCode.ERROR, message: "broken" });
    assert.equal(bad.events[0]?.name, "exception");
    assert.equal(bad.events[0].attributes?.["exception.message"], "broken");
    assert.deepEqual([bad.attributes, group.status.code], [{ "espalier.kind": "task", "espalier.outcome": "failed" }, SpanStatusCode.ERROR]);

    const why = { "espalier.cancel.source": "sibling", "espalier.cancel.by": "bad", "espalier.cancel.reason": "Error: broken" };
    assert.equal(cut.status.code, SpanStatusCode.UNSET);
    assert.deepEqual(cut.attributes, { "espalier.kind": "task", "espalier.outcome": "cancelled", ...why });
    assert.deepEqual(cut.events.map(({ name, attributes }) => [name, attributes]), [["cancelled", why]]);
    assert.deepEqual(cut.links.map(({ context }) => context.spanId), [bad.spanContext().spanId]);
    assert.deepEqual(group.links.map(({ context }) => context.spanId), [bad.spanContext().spanId]);
  });

  test("of a time limit that was reached as of one that was cancelled, and of the failure that comes of it as of a failure", async () => {
    const spans = await spansOf({ spans: "scopes" }, () =>
      taskGroup((group) => void group.spawn((scope) => scope.failAfter(1, sleepForever, { name: "limit" }), { name: "task" }), { clock: testClock() }),
    );
    const [limit, task] = ["limit", "task"].map((name) => named(spans, name)) as [Span, Span];
    assert.deepEqual([limit.attributes["espalier.outcome"], limit.attributes["espalier.cancel.source"], limit.status.code], ["cancelled", "deadline", SpanStatusCode.UNSET]);
    assert.deepEqual([task.attributes["espalier.outcome"], task.status], ["failed", { code: SpanStatusCode.ERROR, message: '"limit" did not finish within 1 ms' }]);
  });

  test("of errors that are none, and of such that cannot be printed", async () => {
    for (const [thrown, message] of [["text", "text"], [undefined, "undefined"], [Object.create(null), "something that cannot be shown"]]) {
      const [span] = await spansOf({}, () => taskGroup((group) => void group.spawn(() => Promise.reject(thrown as Error), { name: "odd" })));
      assert.deepEqual(span!.status, { code: SpanStatusCode.ERROR, message });
    }
  });

  test("until it is disposed: what is open then still ends, what is opened then has none", async () => {
    const spans = await spansOf({}, () =>
      taskGroup(async (group) => {
        const open = group.spawn((scope) => sleep(1, scope), { name: "open" });
        instrumented![Symbol.dispose]();
        instrumented![Symbol.dispose]();
        group.spawn(() => {}, { name: "later" });
        await open.join();
      }),
    );
    assert.deepEqual(spans.map(({ name }) => name), ["open"]);
  });

  test("once each, also where another one is in force before they have ended", async () => {
    await taskGroup(async (group) => {
      const tasks = ["first", "second"].map((name) => {
        const each = instrument();
        const task = group.spawn((scope) => sleepForever(scope), { name });
        each[Symbol.dispose]();
        return task;
      });
      for (const task of tasks) {
        task.cancel();
        await task.settled(group);
      }
    });
    assert.deepEqual(takeSpans().map(({ name, events }) => [name, events.length]), [["first", 1], ["second", 1]]);
  });
});

describe("instrument() hands the context", () => {
  test("to works in this thread: the scope of the call, and in it that of the work", async () => {
    const pools = [inline, openInlinePool({ clone: true })];
    for (const pool of pools) {
      const spans = await spansOf({}, () => tracer.startActiveSpan("request", (span) => taskGroup((group) => pool.run(spanOfWork, undefined, group)).finally(() => span.end())));
      const [call, here] = spans.filter(({ name }) => name === "spanOfWork").toSorted((a, b) => spans.indexOf(b) - spans.indexOf(a));
      const shape = spans.map(({ name, parentSpanContext }) => [name, spans.find((span) => span.spanContext().spanId === parentSpanContext?.spanId)?.name]);
      assert.deepEqual(shape, [["inner", "spanOfWork"], ["spanOfWork", "spanOfWork"], ["spanOfWork", "request"], ["request", undefined]]);
      assert.equal(here!.parentSpanContext!.spanId, call!.spanContext().spanId);
    }
  });

  test("to works in threads: their spans are below those of their calls, in one trace", () =>
    threadPool(
      async (threads) => {
        let inWork: { spanId: string; traceId: string } | undefined;
        const spans = await spansOf({}, () =>
          taskGroup((group) => {
            group.spawn(
              async (scope) => {
                inWork = await threads.run(spanOfWork, undefined, scope);
              },
              { name: "caller" },
            );
          }),
        );
        assert.deepEqual(treeOf(spans), { caller: { spanOfWork: {} } });
        const call = named(spans, "spanOfWork");
        const elsewhere = await taskGroup((group) => threads.run(exported, undefined, group));
        const ofWork = elsewhere.find(({ name }) => name === "spanOfWork")!;
        assert.deepEqual(elsewhere.map(({ name, parent }) => [name, parent]), [["inner", ofWork.id], ["spanOfWork", call.spanContext().spanId]]);
        assert.deepEqual([inWork?.spanId, inWork?.traceId], [ofWork.id, call.spanContext().traceId]);
        assert.equal(ofWork.traceId, call.spanContext().traceId);
      },
      { size: 1 },
    ));
});

describe("instrument() refuses", () => {
  test("a second time, and what is no choice", () => {
    instrumented = instrument();
    assert.throws(() => instrument(), { name: "MisuseError", code: "ALREADY_STARTED" });
    instrumented[Symbol.dispose]();
    for (const spans of ["all", 1, "toString"]) assert.throws(() => instrument({ spans: spans as "tasks" }), { name: "TypeError", message: /knows spans/ });
    instrumented = instrument();
  });
});
