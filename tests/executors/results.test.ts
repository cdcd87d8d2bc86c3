/** What comes of a call: results and failures, as they were made (T01, E24, R06). */
import assert from "node:assert/strict";
import { describe } from "node:test";
import { CancelledError, MisuseError, TaskGroupError, taskGroup } from "espalier";
import { NotCloneableError, work, type Work } from "espalier/executor";
import { isA, same, scenario, thrownBy } from "../conformance/case.ts";
import { onEach } from "./executors.ts";
import * as works from "./works.ts";
import { Broken } from "./works.ts";

const here = new URL("./works.ts", import.meta.url).href;

describe("a work that is called in place", () => {
  scenario("is the function, with any scope, with or without its input", async ({ clock }) => {
    assert.equal(works.add({ a: 1, b: 2 }), 3);
    assert.equal(works.nothing(), undefined);
    await taskGroup(async (group) => {
      assert.equal(await works.sleeps(1_000, group), 1_000);
      assert.equal(group.now(), 1_000);
    }, { clock });
  });
  scenario("has no caller", async () => {
    await taskGroup(async (group) => {
      assert.equal(isA(await thrownBy(works.asks(1, group)), MisuseError).code, "NO_CALLER");
      assert.equal(isA(await thrownBy(() => works.asksBlocking(1, group)), MisuseError).code, "NO_CALLER");
    });
  });
});

onEach((on) => {
  scenario("T01: a result reaches the caller, of its type: of a synchronous work and of one that waits", async () => {
    await taskGroup(async (group) => {
      const total: number = await on.shared.run(works.add, { a: 20, b: 22 }, group);
      const text: string = await on.shared.run(works.later, "text", group);
      const none: void = await on.shared.run(works.nothing, undefined, group);
      same([total, text, none], [42, "TEXT", undefined]);
    });
  });

  scenario("T01: many calls get each their own result", async () => {
    await taskGroup(async (group) => {
      const numbers = Array.from({ length: 500 }, (_, index) => index);
      assert.deepEqual(await Promise.all(numbers.map((number) => on.shared.run(works.echo, number, group))), numbers);
    });
  });

  scenario("T01: values arrive as a clone of theirs would be", async () => {
    const circle: { list: unknown[]; self?: unknown } = { list: [new Map([["a", new Set([1n])]]), new Date(7), /x/g, undefined, Number.NaN] };
    circle.self = circle;
    await taskGroup(async (group) => {
      const got = (await on.shared.run(works.echo, circle, group)) as typeof circle;
      assert.deepEqual(got, circle);
      assert.equal(got.self, got);
      assert.equal(got === circle, !on.copies);
    });
  });

  scenario("T01: a failure keeps class, name, message, code, properties, cause and stack", async () => {
    await taskGroup(async (group) => {
      const error = isA(await thrownBy(on.shared.run(works.fails, "whole", group)), Broken);
      assert.deepEqual([error.name, error.message, error.code, error.details], ["Broken", "outer", "BROKEN", { tries: 3, at: new Date(5) }]);
      assert.equal(isA(error.cause, RangeError).message, "inner");
      assert.match(error.stack ?? "", /works\.ts/);
      if (!on.isHere) assert.match(error.stack ?? "", /\[in /);
    });
  });

  scenario("T01: a class that its module does not export gives way to the nearest that it does; the name stays", async () => {
    await taskGroup(async (group) => {
      const error = isA(await thrownBy(on.shared.run(works.fails, "hidden", group)), Broken);
      assert.deepEqual([error.name, error.message, error.details], ["Broken", "hidden", 7]);
    });
  });

  scenario("E24: an AggregateError and the tree of a TaskGroupError arrive with all that is in them", async () => {
    await taskGroup(async (group) => {
      const both = isA(await thrownBy(on.shared.run(works.fails, "aggregate", group)), AggregateError);
      assert.deepEqual(both.errors.map(String), ["RangeError: inner", "Broken: second"]);
      const above = isA(await thrownBy(on.shared.run(works.fails, "group", group)), TaskGroupError);
      assert.equal(above.message, "above");
      assert.equal(isA(isA(above.errors[0], TaskGroupError).errors[0], RangeError).message, "inner");
      isA(above.errors[1], Broken);
    });
  });

  scenario("R06: a CancelledError that crosses keeps source, reason and by", async () => {
    const sent = new CancelledError("sibling", "the sender", { why: [1, 2] });
    const carries = new Error("carries it", { cause: sent });
    await taskGroup(async (group) => {
      const error = await thrownBy(on.shared.run(works.asks, 0, group, { offers: [works.other.by(() => Promise.reject(carries))] }));
      const got = isA(isA(error, Error).cause, CancelledError);
      assert.deepEqual([got.source, got.by, got.reason], ["sibling", "the sender", { why: [1, 2] }]);
    });
  });

  scenario("T01: what is no error can be thrown as well, also nothing, also later", async () => {
    await taskGroup(async (group) => {
      assert.equal(await thrownBy(on.shared.run(works.fails, "text", group)), "only text");
      assert.equal(await thrownBy(on.shared.run(works.fails, "nothing", group)), undefined);
      assert.equal(isA(await thrownBy(on.shared.run(works.fails, "later", group)), Broken).message, "late");
    });
  });

  scenario("a result that fails when it is looked at fails that call, and not its worker", async () => {
    await taskGroup(async (group) => {
      const { died } = on.shared.statistics();
      for (const how of ["getter", "proxy"] as const) assert.equal(isA(await thrownBy(on.shared.run(works.hostile, how, group)), Broken).message, "hostile");
      assert.equal(on.shared.statistics().died, died);
    });
  });

  scenario("T01: a failed call fails the task that made it, and the group once", async () => {
    const error = isA(await thrownBy(taskGroup((group) => void group.spawn((scope) => on.shared.run(works.fails, "later", scope)))), TaskGroupError);
    assert.equal(error.errors.length, 1);
    isA(error.errors[0], Broken);
  });

  scenario("a group in a work fails as groups do, and what it gives comes back", async () => {
    await taskGroup(async (group) => {
      assert.deepEqual(await on.shared.run(works.groups, [1, 2, 3], group), [1, 4, 9]);
      assert.equal(await on.shared.run(works.ownRoot, undefined, group), "root");
      const error = isA(await thrownBy(on.shared.run(works.groupFails, "in a task", group)), TaskGroupError);
      assert.equal(isA(error.errors[0], Broken).message, "in a task");
    });
  });

  scenario("a forgotten await in a work is found there, whether it waits itself or not (G16)", async () => {
    await taskGroup(async (group) => {
      for (const isAsync of [true, false]) {
        const error = isA(await thrownBy(on.shared.run(works.forgets, isAsync, group)), MisuseError);
        assert.equal(error.code, "UNAWAITED");
        assert.match(error.message, /work "forgets".*failAfter/s);
      }
    });
  });

  scenario("what is no work is refused, with the way out", async () => {
    await taskGroup(async (group) => {
      for (const no of [works.plain, { run() {} }, undefined, "add"] as unknown as Work<number, number>[]) {
        for (const call of [() => on.shared.run(no, 1, group), () => on.shared.submit(no, 1, group), async () => on.shared.trySubmit(no, 1, group)]) {
          assert.equal(isA(await thrownBy(call()), MisuseError).code, "NOT_DECLARED");
        }
      }
    });
  });

  scenario("options that make no sense are refused at the call", async () => {
    await taskGroup(async (group) => {
      const run = (options: object): Promise<unknown> => thrownBy(on.shared.run(works.nothing, undefined, group, options));
      isA(await run({ whenCancelled: "kill" }), TypeError);
      isA(await run({ priority: Number.NaN }), RangeError);
      isA(await run({ grace: -1 }), RangeError);
      for (const no of [null, 5, { transfer: new ArrayBuffer(1) }, { offers: works.other }, { offers: [works.other] }, { offers: [() => {}] }, { offers: [undefined] }]) {
        assert.match(isA(await run(no as never), TypeError).message, /^\w+\.run\(\) needs .*, and got /);
      }
      assert.throws(() => works.other.by(5 as never), TypeError);
      isA(await thrownBy(on.shared.submit(works.nothing, undefined, group, { priority: Number.NaN })), RangeError);
      await group.failAfter(60_000, async (scope) => {
        for (const no of [scope, undefined] as never[]) {
          assert.match(isA(await thrownBy(on.shared.submit(works.nothing, undefined, no)), TypeError).message, /submit\(\) starts a task/);
          assert.match(isA(await thrownBy(() => on.shared.trySubmit(works.nothing, undefined, no)), TypeError).message, /trySubmit\(\) starts a task/);
        }
      });
      isA(await thrownBy(() => on.shared.trySubmit(works.nothing, undefined, group, { priority: Number.NaN })), RangeError);
    });
    for (const options of [{ size: 0 }, { size: 1.5 }, { perWorker: 0 }, { maxQueued: -1 }, { maxQueued: Number.NaN }]) assert.throws(() => on.open(options), RangeError, JSON.stringify(options));
    for (const options of [{ onError: "no" }, ...(on.ownsWorkers ? [{ recycle: 5 }] : [])]) assert.throws(() => on.open(options as never), TypeError);
  });

  scenario("options are looked at in the call, and only then", async () => {
    await taskGroup(async (group) => {
      const fails = Object.defineProperty({}, "offers", { enumerable: true, get() {
        throw new Broken("a getter");
      } });
      assert.equal(isA(await thrownBy(on.shared.run(works.nothing, undefined, group, fails)), Broken).message, "a getter");
      const options = { offers: [works.other.by((input) => [input, "first"])] };
      const first = on.shared.run(works.asks, 1, group, options);
      options.offers[0] = works.other.by((input) => [input, "second"]);
      assert.deepEqual([await first, await on.shared.run(works.asks, 2, group, options)], [[1, "first"], [2, "second"]]);
    });
  });

  if (on.imports) {
    scenario("a worker runs only what its module exports under that name, declared as it is", async () => {
      await taskGroup(async (group) => {
        for (const [url, name, seen] of [
          [here, "missing", /exports nothing of that name/],
          [here, "plain", /exports a function plain under that name, which is no work/],
          [here, "alias", /exports the work "echo"/],
          [here, "Broken", /which is no work/],
        ] as const) {
          const error = isA(await thrownBy(on.shared.run(work({ url }, name, () => "not from there"), undefined, group)), MisuseError);
          assert.equal(error.code, "NOT_DECLARED", name);
          assert.match(error.message, seen);
        }
      });
    });

    scenario("a module that cannot be loaded fails the calls of its works, and says why; others run", async () => {
      await taskGroup(async (group) => {
        const of = (url: string): Promise<unknown> => thrownBy(on.shared.run(work({ url }, "any", () => {}), undefined, group));
        const [missing, broken, throwing] = await Promise.all([
          of(new URL("./not-there.ts", import.meta.url).href),
          of("data:text/javascript,export const any = ;"),
          of(`data:text/javascript,throw Object.assign(new RangeError("at import"), { code: "AT_IMPORT" });`),
        ]);
        assert.equal((missing as { code?: string }).code, "ERR_MODULE_NOT_FOUND");
        // A SyntaxError, or whatever the loader of the runtime makes of it.
        assert.match(String(broken), /unexpected|expected/i);
        assert.equal(isA(throwing, RangeError).message, "at import");
        assert.equal(await on.shared.run(works.add, { a: 1, b: 1 }, group), 2);
      });
    });
  }

  if (on.copies) {
    scenario("what cannot be sent is named by its path: in the input, the result, and what is thrown", async () => {
      await taskGroup(async (group) => {
        const input = isA(await thrownBy(on.shared.run(works.echo, { a: [0, { "on done": () => {} }] }, group)), NotCloneableError);
        assert.equal(input.path, `input.a[1]["on done"]`);
        assert.match(input.message, /work "echo"/);
        const result = isA(await thrownBy(on.shared.run(works.uncloneable, "handler", group)), NotCloneableError);
        assert.equal(result.path, "result.list[0].handler");
        assert.match(result.message, /work "uncloneable"/);
        await thrownBy(on.shared.run(works.fails, "function", group));
      });
    });

    scenario("one input that cannot be sent, and one result, fail alone among many", async () => {
      await taskGroup(async (group) => {
        const calls = Array.from({ length: 40 }, (_, index) =>
          index % 10 === 3 ? on.shared.run(works.echo, () => index, group) : index % 10 === 6 ? on.shared.run(works.uncloneable, "f", group) : on.shared.run(works.echo, index, group),
        );
        const settled = await Promise.allSettled(calls);
        for (const [index, one] of settled.entries()) {
          if (index % 10 === 3 || index % 10 === 6) isA((one as PromiseRejectedResult).reason, NotCloneableError);
          else assert.equal((one as PromiseFulfilledResult<unknown>).value, index);
        }
      });
    });
  }

  if (on.transfers) {
    scenario("what is handed over is gone here and there in the worker; and back", async () => {
      await taskGroup(async (group) => {
        const numbers = Float64Array.of(1, 2, 3);
        assert.equal(await on.shared.run(works.sum, numbers, group, { transfer: [numbers.buffer] }), 6);
        assert.equal(numbers.byteLength, 0);
        assert.deepEqual(await on.shared.run(works.fill, { length: 3, by: 7 }, group), Float64Array.of(7, 7, 7));
      });
    });

    scenario("many calls that hand over, among others: each gets its own", async () => {
      await taskGroup(async (group) => {
        const calls = Array.from({ length: 30 }, (_, index) => {
          const numbers = new Float64Array(64).fill(index);
          return on.shared.run(works.sum, numbers, group, index % 3 === 0 ? {} : { transfer: [numbers.buffer] });
        });
        assert.deepEqual(await Promise.all(calls), Array.from({ length: 30 }, (_, index) => index * 64));
      });
    });

    scenario("what cannot be handed over fails that call", async () => {
      await taskGroup(async (group) => {
        const buffer = new ArrayBuffer(8);
        structuredClone(buffer, { transfer: [buffer] });
        isA(await thrownBy(on.shared.run(works.echo, 1, group, { transfer: [buffer] })), NotCloneableError);
        isA(await thrownBy(on.shared.run(works.echo, 1, group, { transfer: [{}] })), Error);
      });
    });
  }

  if (on.sharesMemory) {
    scenario("a SharedArrayBuffer is the same memory on both sides", async () => {
      await taskGroup(async (group) => {
        const memory = new SharedArrayBuffer(4);
        await Promise.all(Array.from({ length: 50 }, () => on.shared.run(works.increment, memory, group)));
        assert.equal(new Int32Array(memory)[0], 50);
      });
    });
  }
});
