/** How a work in a process hears of its cancellation, and how one ends that does not. */
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { CancelledError, type Scope, TimeoutError } from "espalier";
import type { Offer } from "espalier/executor";
import { isGone, isNode, withPool } from "./trial.ts";
import { unreachable } from "./slow-works.ts";
import { ask, asks, begun, busy, deaf, echo, extended, listens, pidOf, timeLeft, waits } from "./works.ts";

/** Tells when the work has begun, and where. */
function beginning(): { readonly offers: Offer[]; readonly pid: Promise<number> } {
  let told!: (pid: number) => void;
  const pid = new Promise<number>((resolve) => (told = resolve));
  return { offers: [begun.by((id) => told(id))], pid };
}

describe("a work in a process", () => {
  for (const work of [waits, busy]) {
    test(`sees its cancellation: ${work.name}`, () =>
      withPool({ size: 1 }, async (pool, group) => {
        const { offers, pid } = beginning();
        await group.moveOnAfter(Infinity, async (scope) => {
          const call = pool.run(work, undefined, scope, { offers });
          await pid;
          scope.cancel("enough");
          await assert.rejects(call, (error) => error instanceof CancelledError && error.reason === "enough");
        });
        assert.equal(await pool.run(pidOf, undefined, group), await pid);
      }));
  }

  test("sees the deadline of its caller in a busy loop", () =>
    withPool({ size: 1 }, async (pool, group) => {
      await pool.run(echo, 1, group);
      await assert.rejects(group.failAfter(20, (scope) => pool.run(busy, undefined, scope, { offers: beginning().offers })), TimeoutError);
    }));

  test("has the time of its caller, though the clock was set between their starts", { skip: !isNode && "modules cannot be put before it" }, () => {
    const shift = "--import=data:text/javascript,Object.defineProperty(performance,'timeOrigin',{value:performance.timeOrigin+3600000})";
    return withPool({ size: 1, execArgv: [...process.execArgv.filter((flag) => flag.startsWith("--conditions")), shift] }, (pool, group) =>
      group.failAfter(60_000, async (scope) => {
        const left = await pool.run(timeLeft, undefined, scope);
        assert.ok(left > 50_000 && left < 60_100, `${left}`);
        const { offers, pid } = beginning();
        const call = pool.run(extended, undefined, scope, { offers });
        await pid;
        scope.reschedule(scope.deadline + 60_000);
        const more = await call;
        assert.ok(more > 100_000 && more < 120_100, `${more}`);
      }));
  });

  test("that has not begun, as its module is still being loaded, never runs", () =>
    withPool({ size: 1, argv: ["worker"] }, async (pool, group) => {
      await group.moveOnAfter(Infinity, async (scope) => {
        const call = pool.run(unreachable, undefined, scope);
        while (pool.statistics().running === 0) await new Promise((resolve) => setImmediate(resolve));
        scope.cancel();
        await assert.rejects(call, CancelledError);
      });
      assert.equal(await pool.run(echo, 1, group), 1);
    }));

  test("may block until its caller answers, whatever the size of question and answer", () =>
    withPool({ size: 2 }, async (pool, group) => {
      const offers = [ask.by((bytes) => new Uint8Array(2 * bytes.byteLength))];
      const sizes = [0, 1, 100_000, 3_000_000];
      assert.deepEqual(await Promise.all(sizes.map((size) => pool.run(asks, size, group, { offers }))), sizes.map((size) => 2 * size));
    }));

  test("that blocks is woken by its cancellation", () =>
    withPool({ size: 1 }, async (pool, group) => {
      await group.moveOnAfter(Infinity, async (scope) => {
        const offers = [
          ask.by(async (_: Uint8Array, own: Scope) => {
            scope.cancel("enough");
            own.throwIfCancelled();
            return new Uint8Array();
          }),
        ];
        await assert.rejects(pool.run(asks, 1, scope, { offers }), (error) => error instanceof CancelledError && error.reason === "enough");
      });
      assert.equal(await pool.run(echo, 1, group), 1);
    }));
});

describe('whenCancelled "terminate"', () => {
  test("ends a process that does not hear; the call rejects, and another one starts, only when it is gone", () =>
    withPool({ size: 1 }, async (pool, group) => {
      const { offers, pid } = beginning();
      let next: Promise<number> | undefined;
      await group.moveOnAfter(Infinity, async (scope) => {
        const call = pool.run(deaf, undefined, scope, { offers, whenCancelled: "terminate", grace: 5 });
        const id = await pid;
        next = pool.run(pidOf, undefined, group);
        scope.cancel();
        await assert.rejects(call, CancelledError);
        assert.ok(await isGone(id));
      });
      assert.notEqual(await next, await pid);
      const { died, cancelled, succeeded } = pool.statistics();
      assert.deepEqual({ died, cancelled, succeeded }, { died: 0, cancelled: 1, succeeded: 1 });
    }));

  for (const signal of ["SIGTERM", "SIGWINCH"] as const) {
    test(`sends ${signal} at once, for a work that listens`, { skip: process.platform === "win32" }, () =>
      withPool({ size: 1, cancelSignal: signal }, async (pool, group) => {
        const { offers, pid } = beginning();
        await group.moveOnAfter(Infinity, async (scope) => {
          const call = pool.run(listens, signal, scope, { offers, whenCancelled: "terminate", grace: Infinity });
          await pid;
          scope.cancel();
          assert.equal(((await call) as string[])[0], signal);
        });
        assert.equal(await pool.run(pidOf, undefined, group), await pid);
      }));
  }
});

test("a signal that a terminal sends to all does not end a process", { skip: process.platform === "win32" }, () =>
  withPool({ size: 1 }, async (pool, group) => {
    for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) {
      const { offers, pid } = beginning();
      const call = pool.run(listens, signal, group, { offers });
      process.kill(await pid, signal);
      await call;
    }
    const pid = await pool.run(pidOf, undefined, group);
    for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) process.kill(pid, signal);
    assert.equal(await pool.run(pidOf, undefined, group), pid);
  }));
