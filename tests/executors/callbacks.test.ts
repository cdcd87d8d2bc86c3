/** The way back: what a work may ask of its caller, and in which scope that runs (T07). */
import assert from "node:assert/strict";
import { CancelledError, type CancelScope, MisuseError, moveOnAfter, type Scope, sleep, sleepForever, taskGroup, TimeoutError } from "espalier";
import { NotCloneableError } from "espalier/executor";
import { gate, isA, quiet, same, scenario, thrownBy } from "../conformance/case.ts";
import { onEach } from "./executors.ts";
import { appears, newMark, set, until } from "./marks.ts";
import * as works from "./works.ts";
import { Broken } from "./works.ts";

onEach((on) => {
  scenario("T07: a work calls what its caller offered, and gets its result, one after the other or many at once", async () => {
    await taskGroup(async (group) => {
      const got: number[] = [];
      const offers = [works.report.by(async (number, scope) => {
        await scope.checkpoint();
        got.push(number);
        return `got ${number}`;
      })];
      assert.deepEqual(await on.shared.run(works.reports, [1, 2, 3], group, { offers }), ["got 1", "got 2", "got 3"]);
      assert.deepEqual(await on.shared.run(works.reportsAtOnce, [4, 5, 6], group, { offers }), ["got 4", "got 5", "got 6"]);
      assert.deepEqual(got, [1, 2, 3, 4, 5, 6]);
    });
  });

  scenario("T07: two calls with the same callback have each its own", async () => {
    await taskGroup(async (group) => {
      const run = (name: string): Promise<string[]> => on.shared.run(works.reports, [1, 2], group, { offers: [works.report.by((number) => `${name}${number}`)] });
      assert.deepEqual(await Promise.all(["a", "b", "c"].map(run)), [["a1", "a2"], ["b1", "b2"], ["c1", "c2"]]);
    });
  });

  scenario("T07: a work can be offered as it is", async () => {
    await taskGroup(async (group) => assert.equal(await on.shared.run(works.asksAdd, { a: 3, b: 4 }, group, { offers: [works.add] }), 7));
  });

  scenario("T07: what was not offered is refused, and says how to", async () => {
    await taskGroup(async (group) => {
      const error = isA(await thrownBy(on.shared.run(works.reports, [1], group, { offers: [works.add] })), MisuseError);
      assert.equal(error.code, "NOT_OFFERED");
      assert.match(error.message, /"reports" called "report".*offers: \[report\.by/);
    });
  });

  scenario("T07: what a callback throws arrives whole, and is the work's to catch", async () => {
    await taskGroup(async (group) => {
      const offers = [works.other.by(() => Promise.reject(new Broken("there", { n: 1 }, { cause: new TypeError("below") })))];
      const error = isA(await thrownBy(on.shared.run(works.asks, 1, group, { offers })), Broken);
      assert.deepEqual([error.message, error.details, isA(error.cause, TypeError).message], ["there", { n: 1 }, "below"]);
    });
  });

  scenario("T07: it runs in a scope below the call: with its deadline, and below whoever called", async () => {
    await taskGroup(async (group) => {
      let seen: Scope | undefined;
      const offers = [works.other.by((_, scope) => {
        seen = scope;
        return scope.deadline - scope.now();
      })];
      const left = (await group.failAfter(60_000, (own) => on.shared.run(works.asks, 1, own, { offers }))) as number;
      assert.ok(left > 0 && left <= 60_000, `${left}`);
      isA(await thrownBy(() => seen?.throwIfCancelled()), MisuseError);
    });
  });

  scenario("T07: it is cancelled with the call, and its cleanup is waited for", async () => {
    const [asked, cleaned] = [gate(), gate()];
    let hasCleaned = false;
    const offers = [works.other.by(async (_, scope) => {
      asked.open();
      try {
        await sleepForever(scope);
      } finally {
        await quiet();
        hasCleaned = true;
        cleaned.open();
      }
    })];
    const given = await moveOnAfter(Infinity, async (scope) => {
      const called = on.shared.run(works.asks, 1, scope, { offers });
      await asked.promise;
      scope.cancel();
      return called;
    }, { fallback: "cancelled" });
    assert.equal(given, "cancelled");
    assert.equal(hasCleaned, true);
  });

  scenario("T07: a deadline that ends the call ends the callback", async () => {
    await taskGroup(async (group) => {
      const reasons: unknown[] = [];
      const offers = [works.other.by(async (_, scope) => {
        scope.onCancel((reason) => reasons.push(reason.source));
        limit.reschedule(limit.now());
        await sleepForever(scope);
      })];
      let limit!: CancelScope;
      isA(await thrownBy(group.failAfter(60_000, (scope) => on.shared.run(works.asks, 1, (limit = scope), { offers }))), TimeoutError);
      assert.deepEqual(reasons, ["deadline"]);
    });
  });

  scenario("T07: a time limit in the work around the call ends the callback, and the work goes on", async () => {
    await taskGroup(async (group) => {
      const ended: unknown[] = [];
      const offers = [works.other.by(async (_, scope) => {
        scope.onCancel(() => ended.push(scope.cancelled));
        await sleepForever(scope);
      })];
      assert.equal(await on.shared.run(works.asksFor, 20, group, { offers }), "moved on");
      assert.deepEqual(ended, [true]);
      assert.equal(await on.shared.run(works.asksFor, 60_000, group, { offers: [works.other.by(() => "answered")] }), "answered");
    });
  });

  scenario("T07: asked by a work whose call is cancelled, nothing runs (B03)", async () => {
    const [begun, end] = [newMark(), newMark()];
    let asked = 0;
    const offers = [works.other.by(() => ++asked)];
    const given = await moveOnAfter(Infinity, async (scope) => {
      const called = on.shared.run(works.asksLate, { path: begun, until: end }, scope, { offers });
      await appears(begun);
      scope.cancel();
      set(end);
      return called;
    });
    same([given, asked], ["interrupted", 0]);
  });

  scenario("a caller that a work kept does not speak for the works that come after it, whoever calls them", async () => {
    const pool = on.open({ size: 1 });
    await taskGroup(async (group) => {
      const asked: unknown[] = [];
      const offers = [works.other.by((input) => asked.push(input))];
      await pool.run(works.keepsCaller, undefined, group, { offers });
      for (const blocking of on.blocks ? [true, false] : [false]) {
        assert.equal(isA(await thrownBy(pool.run(works.callsKept, blocking, group, { offers })), MisuseError).code, "SCOPE_ENDED");
      }
      assert.deepEqual(asked, []);
    });
    await pool.close();
  });

  scenario("T07: asked by a work whose call was abandoned, it runs to its end outside of it", async () => {
    const [begun, end] = [newMark(), newMark()];
    const pool = on.open({ size: 1 });
    const seen: unknown[] = [];
    const offers = [works.other.by(async (_, scope) => {
      seen.push(scope.cancelled);
      await sleep(1, scope);
      seen.push(scope.cancelled, scope.deadline);
    })];
    await moveOnAfter(Infinity, async (scope) => {
      const called = pool.run(works.asksLate, { path: begun, until: end }, scope, { offers, whenCancelled: "abandon" });
      await appears(begun);
      scope.cancel();
      isA(await thrownBy(called), CancelledError);
    });
    set(end);
    await pool.close();
    assert.deepEqual(seen, [false, false, Infinity]);
    same([pool.statistics().succeeded, pool.statistics().failed], [1, 0]);
  });

  scenario("T07: a forgotten call back is found in the work (G16)", async () => {
    await taskGroup(async (group) => {
      const offers = [works.other.by((_, scope) => sleepForever(scope))];
      assert.equal(isA(await thrownBy(on.shared.run(works.forgetsToAsk, undefined, group, { offers })), MisuseError).code, "UNAWAITED");
    });
  });

  scenario("T07: a callback may call the executor again", async () => {
    await taskGroup(async (group) => {
      const offers = [works.other.by((input, scope) => on.shared.run(works.echo, [input], scope))];
      assert.deepEqual(await on.shared.run(works.asks, 1, group, { offers }), [1]);
    });
  });

  scenario("T07: a callback that calls the pool of which every worker waits for callbacks is told of", async ({ takeReports }) => {
    const pool = on.open({ name: "narrow", size: 2 });
    const bothAsk = gate();
    let asking = 0;
    const offers = [works.other.by(async (input, scope) => {
      if (++asking === 2) bothAsk.open();
      await bothAsk.promise;
      return pool.run(works.echo, input, scope);
    })];
    await taskGroup(async (group) => {
      group.spawn((scope) => pool.run(works.asks, 1, scope, { offers }));
      group.spawn((scope) => pool.run(works.asks, 2, scope, { offers }));
      await bothAsk.promise;
      await until(() => pool.statistics().queued === 2);
      const [report] = await takeReports();
      assert.match(String(report?.error), /"echo" waits for a worker of "narrow", but all its 2 workers wait for what "asks" asked the caller for/);
      assert.equal(pool.statistics().queued, 2);
      group.cancel();
    });
    await pool.close();
  });

  scenario("T07: where one of the workers can end, nothing is told", async () => {
    const pool = on.open({ size: 2 });
    const asked = gate();
    const offers = [works.other.by(async (input, scope) => {
      asked.open();
      return pool.run(works.echo, input, scope);
    })];
    const [begun, done] = [newMark(), newMark()];
    await taskGroup(async (group) => {
      group.spawn((scope) => pool.run(works.deaf, { path: begun, until: done }, scope));
      await appears(begun);
      const asks = group.spawn((scope) => pool.run(works.asks, 1, scope, { offers }));
      await asked.promise;
      await until(() => pool.statistics().queued === 1);
      set(done);
      assert.equal(await asks.join(group), 1);
    });
    await pool.close();
  });

  scenario("T07: on a test clock the callback's time is that of the call", async ({ clock, takeReports }) => {
    await taskGroup(async (group) => {
      const offers = [works.other.by(async (_, scope) => {
        await sleep(5_000, scope);
        return scope.now();
      })];
      assert.equal(await on.shared.run(works.asks, 1, group, { offers }), 5_000);
    }, { clock });
    // It cannot know what a port is still open for.
    if (!on.isHere) await takeReports();
  });

  if (on.copies) {
    scenario("T07: what a callback cannot be sent, and what it cannot send back, is named", async () => {
      await taskGroup(async (group) => {
        const input = isA(await thrownBy(on.shared.run(works.asksWithFunction, undefined, group, { offers: [works.other.by(() => 1)] })), NotCloneableError);
        assert.equal(input.path, "input.onDone");
        const result = isA(await thrownBy(on.shared.run(works.asks, 1, group, { offers: [works.other.by(() => ({ close() {} }))] })), NotCloneableError);
        assert.equal(result.path, "result.close");
      });
    });
  }

  if (on.blocks) {
    scenario("T07: what was finished before a work that blocks is there while it waits: the answer may depend on it", async () => {
      const pool = on.open({ size: 1 });
      await taskGroup(async (group) => {
        const quick = group.spawn((scope) => pool.run(works.quickOrAsks, undefined, scope));
        const offers = [works.other.by((_, scope: Scope) => quick.join(scope))];
        assert.equal(await pool.run(works.quickOrAsks, 1, group, { offers }), "quick");
      });
      await pool.close();
    });

    scenario("T07: a synchronous work blocks its worker until the answer is there, and no other", async () => {
      await taskGroup(async (group) => {
        const offers = [works.report.by(async (number, scope) => {
          await sleep(1, scope);
          return String(await on.shared.run(works.echo, number, scope));
        })];
        const both = await Promise.all([on.shared.run(works.reportsBlocking, [1, 2, 3], group, { offers }), on.shared.run(works.add, { a: 1, b: 1 }, group)]);
        assert.deepEqual(both, [["1", "2", "3"], 2]);
      });
    });

    scenario("T07: what the callback of a blocked work throws is thrown there", async () => {
      await taskGroup(async (group) => {
        const error = await thrownBy(on.shared.run(works.asksBlocking, 1, group, { offers: [works.other.by(() => Promise.reject(new Broken("there")))] }));
        assert.equal(isA(error, Broken).message, "there");
        assert.equal(isA(await thrownBy(on.shared.run(works.asksBlocking, 1, group)), MisuseError).code, "NOT_OFFERED");
      });
    });

    scenario("T07: a blocked work is cancelled with its call: its callback ends, and with it the work", async () => {
      const asked = gate();
      const offers = [works.other.by((_, scope) => {
        asked.open();
        return sleepForever(scope);
      })];
      const given = await moveOnAfter(Infinity, async (scope) => {
        const called = on.shared.run(works.asksBlocking, 1, scope, { offers });
        await asked.promise;
        scope.cancel();
        return called;
      }, { fallback: "cancelled" });
      assert.equal(given, "cancelled");
    });

    scenario("T07: a blocked work that is not answered can be terminated", async () => {
      const pool = on.open({ size: 1 });
      const [asked, answer] = [gate(), gate()];
      const offers = [works.other.by(() => {
        asked.open();
        return answer.promise;
      })];
      await taskGroup(async (group) => {
        const task = group.spawn((scope) => pool.run(works.asksBlocking, 1, scope, { offers, whenCancelled: "terminate", grace: 0 }));
        await asked.promise;
        task.cancel();
        await until(() => pool.statistics().running === 0 && (pool.statistics().workers === 0 || !on.ownsWorkers));
        assert.equal(task.outcome, undefined, "the callback is below the call, and waited for");
        answer.open();
        await until(() => task.outcome !== undefined);
        assert.equal(task.status, "cancelled");
      });
      await pool.close();
    });
  } else {
    scenario("T07: a work that would block its own caller is told so", async () => {
      await taskGroup(async (group) => {
        const error = isA(await thrownBy(on.shared.run(works.asksBlocking, 1, group, { offers: [works.other.by(() => 1)] })), MisuseError);
        assert.equal(error.code, "WOULD_BLOCK");
        assert.match(error.message, /await scope\.caller\.call/);
      });
    });
  }
});
