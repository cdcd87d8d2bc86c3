/** Calls that are cancelled: what the work sees of it, when its caller goes on, and whose place it keeps (T02, T03, T04, T06, T09, B03, C11). */
import assert from "node:assert/strict";
import { describe } from "node:test";
import { CancelledError, MisuseError, moveOnAfter, type Scope, type Task, taskGroup, TimeoutError } from "espalier";
import type { RunOptions } from "espalier/executor";
import { gate, isA, quiet, same, scenario, thrownBy } from "../conformance/case.ts";
import { elsewhere, onEach } from "./executors.ts";
import { appears, isSet, newMark, set, until } from "./marks.ts";
import * as works from "./works.ts";
import { Broken } from "./works.ts";

/** Cancels `call` once its work has begun, and gives how the scope around it ended. */
async function cancelledOnce(begun: string, call: (scope: Scope) => Promise<unknown>, reason?: unknown): Promise<unknown> {
  return moveOnAfter(Infinity, async (scope) => {
    const calling = call(scope);
    await appears(begun);
    scope.cancel(reason);
    return calling;
  }, { fallback: "cancelled" });
}

onEach((on) => {
  scenario("T02: by default the caller waits for the end of the work, and gets its value; the next operation throws", async () => {
    const [begun, end] = [newMark(), newMark()];
    await taskGroup(async (group) => {
      const calling: Task<unknown> = group.spawn((scope): Promise<unknown> => scope.moveOnAfter(Infinity, async (own) => {
        const called = on.shared.run(works.deaf, { path: begun, until: end }, own);
        await appears(begun);
        own.cancel();
        await quiet();
        assert.equal(calling.outcome, undefined);
        set(end);
        const value: unknown = await called;
        assert.equal(own.cancelled, true);
        await thrownBy(own.checkpoint());
        return value;
      }));
      assert.equal(await calling.join(group), "done");
    });
  });

  scenario("T02: a work that waits is interrupted where it waits, cleans up, and the caller waits for that", async () => {
    const [begun, cleaned] = [newMark(), newMark()];
    assert.equal(await cancelledOnce(begun, (scope) => on.shared.run(works.cleansUp, { path: begun, cleaned }, scope)), "cancelled");
    assert.ok(isSet(cleaned));
  });

  scenario("T02: what fails in that cleanup is the failure of the call (G7)", async () => {
    const [begun, cleaned] = [newMark(), newMark()];
    const error = await thrownBy(cancelledOnce(begun, (scope) => on.shared.run(works.cleansUp, { path: begun, cleaned, error: "in cleanup" }, scope)));
    assert.equal(isA(error, Broken).message, "in cleanup");
  });

  scenario("T02: the cancellation is a state in the work too: each of its waits throws, with source and reason (G4)", async () => {
    const begun = newMark();
    const seen = await cancelledOnce(begun, (scope) => on.shared.run(works.stubborn, begun, scope), { why: 7 });
    assert.deepEqual(seen, [3, true, true, "explicit", { why: 7 }]);
  });

  scenario("B03: in a cancelled scope nothing is called", async () => {
    const begun = newMark();
    const before = on.shared.statistics();
    await moveOnAfter(Infinity, async (scope) => {
      scope.cancel();
      isA(await thrownBy(on.shared.run(works.forever, begun, scope)), CancelledError);
      await taskGroup(async (group) => isA(await thrownBy(on.shared.submit(works.forever, begun, group)), CancelledError), scope);
    });
    await taskGroup((group) => on.shared.run(works.nothing, undefined, group));
    assert.equal(isSet(begun), false);
    assert.equal(on.shared.statistics().cancelled, before.cancelled);
  });

  scenario("B03: a call that is cancelled in the turn in which it was made never runs", async () => {
    const begun = newMark();
    await taskGroup(async (group) => {
      for (const whenCancelled of ["wait", "abandon", "terminate"] as const) {
        const given = moveOnAfter(Infinity, (scope) => {
          const called = on.shared.run(works.forever, begun, scope, { whenCancelled });
          scope.cancel();
          return called;
        }, { fallback: "cancelled" });
        assert.equal(await given, "cancelled");
      }
      await on.shared.run(works.nothing, undefined, group);
      assert.equal(isSet(begun), false);
    });
  });

  scenario("B03: a call that is cancelled while it is queued never runs, and its caller need not wait", async () => {
    const [end, begun] = [newMark(), newMark()];
    const pool = on.open({ size: 1 });
    await taskGroup(async (group) => {
      const first = newMark();
      const running = group.spawn((scope) => pool.run(works.deaf, { path: first, until: end }, scope));
      await appears(first);
      const queued = Array.from({ length: 5 }, () => group.spawn((scope) => pool.run(works.forever, begun, scope)));
      await quiet();
      for (const task of queued) task.cancel();
      await until(() => queued.every((task) => task.outcome !== undefined));
      assert.equal(running.outcome, undefined);
      set(end);
      assert.equal(await running.join(group), "done");
      await pool.run(works.nothing, undefined, group);
      assert.equal(isSet(begun), false);
      same([pool.statistics().cancelled, pool.statistics().succeeded], [5, 2]);
    });
    await pool.close();
  });

  scenario("T03: an abandoned call rejects at once; its work goes on, keeps its place, and the executor waits for it", async () => {
    const [begun, end] = [newMark(), newMark()];
    const pool = on.open({ size: 1 });
    await cancelledOnce(begun, (scope) => pool.run(works.deaf, { path: begun, until: end }, scope, { whenCancelled: "abandon" }));
    await taskGroup(async (group) => {
      const next = group.spawn((scope) => pool.run(works.echo, "next", scope));
      await quiet();
      same([pool.statistics().abandoned, pool.statistics().running, next.outcome], [1, 1, undefined]);
      set(end);
      assert.equal(await next.join(group), "next");
      same([pool.statistics().abandoned, pool.statistics().running], [0, 0]);
    });
    await pool.close();
  });

  scenario("T03: close() waits for what was abandoned, and its late failure goes to onError, with the name of the work", async () => {
    const [begun, end] = [newMark(), newMark()];
    const told: unknown[] = [];
    const pool = on.open({ size: 1, onError: (error, name) => told.push(error, name) });
    await cancelledOnce(begun, (scope) => pool.run(works.deaf, { path: begun, until: end, then: "too late" }, scope, { whenCancelled: "abandon" }));
    const closing = pool.close().then(() => told.push("closed"));
    await quiet();
    assert.deepEqual(told, []);
    set(end);
    await closing;
    assert.equal(isA(told[0], Broken).message, "too late");
    assert.deepEqual(told.slice(1), ["deaf", "closed"]);
  });

  scenario("T03: of an onError that fails itself, at once or later, the runtime warns", async ({ takeReports }) => {
    for (const onError of [() => Promise.reject(new Error("my own")), (): never => {
      throw new Error("my own");
    }]) {
      const [begun, end] = [newMark(), newMark()];
      const pool = on.open({ size: 1, onError });
      await cancelledOnce(begun, (scope) => pool.run(works.deaf, { path: begun, until: end, then: "too late" }, scope, { whenCancelled: "abandon" }));
      set(end);
      await pool.close();
      const reports = await takeReports();
      assert.equal(reports.length, 1);
      assert.match(String(reports[0]?.error), /The onError of .* failed: .*my own/);
    }
  });

  scenario("T03: without an onError the runtime warns of it", async ({ takeReports }) => {
    const [begun, end] = [newMark(), newMark()];
    const pool = on.open({ size: 1 });
    await cancelledOnce(begun, (scope) => pool.run(works.deaf, { path: begun, until: end, then: "too late" }, scope, { whenCancelled: "abandon" }));
    set(end);
    await pool.close();
    const reports = await takeReports();
    assert.equal(reports.length, 1);
    assert.match(String(reports[0]?.error), /"deaf" failed.*abandoned.*too late/);
  });

  scenario("T03: an abandoned work that listens is interrupted all the same", async () => {
    const [begun, cleaned] = [newMark(), newMark()];
    const pool = on.open({ size: 1 });
    await cancelledOnce(begun, (scope) => pool.run(works.cleansUp, { path: begun, cleaned }, scope, { whenCancelled: "abandon" }));
    await pool.close();
    assert.ok(isSet(cleaned));
    same([pool.statistics().cancelled, pool.statistics().failed], [1, 0]);
  });

  scenario("T06: throwIfCancelled() is silent before; called in place, it is that of the scope at hand", async () => {
    await taskGroup(async (group) => assert.equal(await on.shared.run(works.looks, undefined, group), false));
    await taskGroup((group) => assert.equal(works.looks(undefined, group), false));
  });

  scenario("C11: a deadline ends the call, is the work's as well, and failAfter throws after its end", async () => {
    const begun = newMark();
    await taskGroup(async (group) => {
      const left = await group.failAfter(60_000, (scope) => on.shared.run(works.timeLeft, undefined, scope));
      assert.ok(left > 0 && left < 60_100, `${left}`);
      assert.equal(await on.shared.run(works.timeLeft, undefined, group), Infinity);
      isA(await thrownBy(group.failAfter(30, (scope) => on.shared.run(works.forever, begun, scope))), TimeoutError);
    });
  });

  scenario("C11: a deadline that is moved while the work runs is moved there as well", async () => {
    const begun = newMark();
    await taskGroup(async (group) => {
      const more = await group.failAfter(60_000, async (scope) => {
        const called = on.shared.run(works.extended, begun, scope);
        await appears(begun);
        scope.reschedule(scope.deadline + 60_000);
        return called;
      });
      assert.ok(more > 59_000 && more < 61_000, `${more}`);
    });
  });

  scenario("a forgotten call is cancelled, waited for, and reported (G16)", async () => {
    const [begun, cleaned] = [newMark(), newMark()];
    const error = await thrownBy(moveOnAfter(Infinity, async (scope) => {
      void on.shared.run(works.cleansUp, { path: begun, cleaned }, scope);
      await appears(begun);
    }));
    assert.equal(isA(error, MisuseError).code, "UNAWAITED");
    assert.match(isA(error, MisuseError).message, /cleansUp/);
    assert.ok(isSet(cleaned));
  });

  scenario("T04: never more than the maximum runs, whatever is cancelled, and every place is free afterwards", async () => {
    const pool = on.open({ size: 2 });
    const ends = gate();
    let running = 0;
    let most = 0;
    const counts = works.other.by(async (change) => {
      running += change as number;
      most = Math.max(most, running);
    });
    await taskGroup(async (group) => {
      const options: RunOptions = { offers: [counts] };
      const calls: Task<unknown>[] = [];
      for (let n = 0; n < 60; n++) {
        const whenCancelled = n % 2 === 0 ? "wait" : "abandon";
        calls.push(group.spawn((scope) => pool.run(works.counted, 1 + (n % 4), scope, { ...options, whenCancelled })));
        if (n % 3 === 0) calls[(n * 7) % calls.length]!.cancel();
        if (n % 5 === 0) await new Promise((resolve) => void setImmediate(resolve));
      }
      ends.open();
      await until(() => calls.every((task) => task.outcome !== undefined));
      for (const task of calls) assert.notEqual(task.status, "failed");
      assert.deepEqual(await Promise.all([pool.run(works.echo, 1, group), pool.run(works.echo, 2, group)]), [1, 2]);
    });
    await pool.close();
    assert.equal(running, 0);
    assert.ok(most >= 1 && most <= 2, `${most} at once`);
  });
});

elsewhere((on) => {
  describe("a busy loop", () => {
    for (const [title, busy] of [["sees the cancellation when it looks", works.spins], ["sees it in scopes of its own, a shield aside", works.spinsBelow]] as const) {
      scenario(`T06: ${title}, though no message can arrive`, async () => {
        const begun = newMark();
        assert.equal(await cancelledOnce(begun, (scope) => on.shared.run(busy, begun, scope)), "cancelled");
      });
    }
  });

  scenario("C11: a busy loop finds its deadline though nobody can tell it, and the call is that of a deadline", async () => {
    const begun = newMark();
    await taskGroup(async (group) => {
      const error = await thrownBy(group.failAfter(100, async (scope) => {
        const called = on.shared.run(works.outOfTime, begun, scope);
        await appears(begun);
        // Nothing is told to anybody meanwhile: this thread is busy for longer than the call has time.
        const over = performance.now() + 400;
        while (performance.now() < over);
        return called;
      }));
      isA(error, TimeoutError);
    });
  });

  scenario("T09: a work that does not end is ended with its worker, and the caller goes on when it is gone; the pool has another", async () => {
    const begun = newMark();
    const pool = on.open({ size: 1 });
    await taskGroup(async (group) => {
      const before = await pool.run(works.place, undefined, group);
      assert.equal(await cancelledOnce(begun, (scope) => pool.run(works.stuck, begun, scope, { whenCancelled: "terminate", grace: 10 })), "cancelled");
      if (on.ownsWorkers) assert.equal(pool.statistics().workers, 0);
      assert.notEqual(await pool.run(works.place, undefined, group), before);
      same([pool.statistics().died, pool.statistics().cancelled, pool.statistics().workers], [0, 1, 1]);
    });
    await pool.close();
  });

  scenario("T09: a work that was quick before, and with a quick call before it, is ended all the same; that one's value arrives", async () => {
    const begun = newMark();
    const pool = on.open({ size: 1 });
    await taskGroup(async (group) => {
      const quick = group.spawn((scope) => pool.run(works.stuckAt, undefined, scope));
      const ended = group.spawn((scope) => pool.run(works.stuckAt, begun, scope, { whenCancelled: "terminate", grace: 10 }));
      await appears(begun);
      ended.cancel();
      assert.equal(await quick.join(group), "quick");
      await until(() => ended.outcome !== undefined);
      assert.equal(ended.status, "cancelled");
      assert.equal(await pool.run(works.stuckAt, undefined, group), "quick");
    });
    await pool.close();
  });

  scenario("T09: one that ends in time keeps its worker", async () => {
    const [begun, cleaned] = [newMark(), newMark()];
    const pool = on.open({ size: 1 });
    await taskGroup(async (group) => {
      const before = await pool.run(works.place, undefined, group);
      await cancelledOnce(begun, (scope) => pool.run(works.cleansUp, { path: begun, cleaned }, scope, { whenCancelled: "terminate", grace: 10_000 }));
      assert.equal(await pool.run(works.place, undefined, group), before);
    });
    await pool.close();
  });

  scenario("T09: what stood behind a terminated work runs all the same, and nobody else is hit", async () => {
    const pool = on.open({ size: 1 });
    await taskGroup(async (group) => {
      for (let round = 0; round < 3; round++) {
        const begun = newMark();
        const ended = group.spawn((scope) => pool.run(works.stuck, begun, scope, { whenCancelled: "terminate", grace: 0 }));
        await appears(begun);
        const others = Array.from({ length: 30 }, (_, index) => group.spawn((scope) => pool.run(works.echo, index, scope)));
        await quiet();
        ended.cancel();
        assert.deepEqual(await Promise.all(others.map((task) => task.join(group))), Array.from({ length: 30 }, (_, index) => index));
        assert.equal(ended.status, "cancelled");
      }
    });
    await pool.close();
  });

  scenario("T09: works that end just when their grace is over do not take the next ones with them", async () => {
    const pool = on.open({ size: 1 });
    await taskGroup(async (group) => {
      await pool.run(works.nothing, undefined, group);
      const after: Task<unknown>[] = [];
      for (let round = 0; round < (on.sharesMemory ? 15 : 4); round++) {
        const begun = newMark();
        const call = group.spawn((scope) => pool.run(works.busyFor, { path: begun, ms: 4 + (round % 3) }, scope, { whenCancelled: "terminate", grace: 4 }));
        after.push(group.spawn((scope) => pool.run(works.busyFor, { ms: 2 }, scope)), group.spawn((scope) => pool.run(works.echo, round, scope)));
        await until(() => isSet(begun) || call.outcome !== undefined);
        call.cancel();
        await until(() => call.outcome !== undefined);
      }
      for (const task of after) await task.join(group);
    });
    await pool.close();
  });

  scenario("T09: a pool whose workers run several calls at a time cannot terminate, and says so", async () => {
    const pool = on.open({ size: 1, perWorker: 2 });
    await taskGroup(async (group) => {
      isA(await thrownBy(pool.run(works.nothing, undefined, group, { whenCancelled: "terminate" })), TypeError);
    });
    await pool.close();
  });
});
