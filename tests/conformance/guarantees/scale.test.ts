/**
 * G20: memory for those alive only, and depth without a deep stack.
 *
 * ESPALIER_SCALE=full runs the million tasks of the guarantee; the ordinary run takes 20,000 through the same code, and on a
 * second runtime 5,000.
 */
import assert from "node:assert/strict";
import { describe } from "node:test";
import { type CancelScope, leaves, moveOnAfter, type Scope, sleep, sleepForever, TaskGroupError, taskGroup } from "espalier";
import { isA, quiet, same, scenario, thrownBy } from "../case.ts";
import { collectGarbage, heapUsed, programs, variable } from "../../runtimes/runtime.ts";

const TASKS = variable("ESPALIER_SCALE") === "full" ? 1_000_000 : Math.max(5_000, programs(20_000));
const DEPTH = 5_000;

describe(`G20: ${TASKS} tasks through one group`, () => {
  /** Ways of passing tasks through a group, a window of them alive at a time. */
  const ways: Record<string, { options: { concurrency?: number; onError?: () => void }; task: (scope: Scope) => unknown; daemon?: true }> = {
    "that return": { options: {}, task: () => {} },
    "that wait": { options: {}, task: (scope) => scope.checkpoint() },
    "that open a scope": { options: {}, task: (scope) => scope.failAfter(60_000, (inner) => inner.checkpoint()) },
    "that fail and are reported": { options: { onError: () => {} }, task: () => Promise.reject(new Error("E")) },
    "that look at their signal": { options: {}, task: (scope) => scope.signal.aborted },
    "that are daemons": { options: {}, task: (scope) => scope.checkpoint(), daemon: true },
    "that queue for a place": { options: { concurrency: 10 }, task: (scope) => scope.checkpoint() },
  };
  for (const [what, { options, task, daemon }] of Object.entries(ways)) {
    scenario(`G20: tasks ${what} leave nothing behind while the group goes on`, async () => {
      await taskGroup(async (group) => {
        // Of every hundredth task, whether its handle, its function and its result can still be reached.
        const watched: WeakRef<object>[] = [];
        const pass = async (count: number): Promise<void> => {
          for (let done = 0; done < count; done += 100) {
            let last: Promise<unknown> | undefined;
            for (let n = 0; n < 100; n++) {
              const fn = (scope: Scope): unknown => task(scope);
              const handle = group.spawn(fn, { daemon });
              if (n === 0) watched.push(new WeakRef(handle), new WeakRef(fn));
              last = handle.settled();
            }
            await last;
          }
        };
        await pass(TASKS);
        while (group.size > 0) await quiet();
        // A frame or a register of the engine may still hold a task or two of the hundreds: what is kept must not grow with them.
        const alive = (): number => watched.filter((one) => one.deref() !== undefined).length;
        for (let round = 0; round < 10 && (round === 0 || alive() > 24); round++) {
          // What was looked at in this turn cannot be collected in it.
          await quiet();
          collectGarbage();
        }
        assert.ok(alive() <= 24, `${alive()} of ${watched.length} handles and functions can still be reached`);
      }, options);
    });
  }

  scenario("G20: the heap does not grow with the tasks that have finished", async () => {
    await taskGroup(async (group) => {
      const pass = async (count: number): Promise<number> => {
        for (let done = 0; done < count; done += 1_000) {
          let last: Promise<unknown> | undefined;
          for (let n = 0; n < 1_000; n++) last = group.spawn((scope) => scope.checkpoint()).settled();
          await last;
        }
        await quiet();
        collectGarbage();
        return heapUsed();
      };
      // The engine's own compiling moves the heap, less and less; what is kept for each task would be there in every round.
      const heaps = [await pass(TASKS)];
      for (let round = 0; round < 4; round++) heaps.push(await pass(TASKS));
      const growths = heaps.slice(1).map((heap, round) => (heap - heaps[round]!) / TASKS);
      assert.ok(Math.min(...growths) < 8, `bytes kept for each of ${TASKS} tasks, round by round: ${growths.map(Math.round).join(", ")}`);
    });
  });

  scenario("G20: tasks that are cancelled in the queue of a full group leave nothing behind, though no place comes free", async () => {
    await taskGroup(
      async (group) => {
        const holder = group.spawn(sleepForever);
        const watched: WeakRef<object>[] = [];
        const queueAndCancel = (n: number): void => {
          const task = group.spawn(() => {});
          task.cancel();
          if (n < 100) watched.push(new WeakRef(task));
        };
        for (let n = 0; n < 1_000; n++) queueAndCancel(n);
        for (let round = 0; round < 10 && watched.some((one) => one.deref() !== undefined); round++) {
          await quiet();
          collectGarbage();
        }
        assert.equal(watched.filter((one) => one.deref() !== undefined).length, 0);
        holder.cancel();
      },
      { concurrency: 1 },
    );
  });

  scenario("G20: as many tasks alive at once are cancelled together", async ({ clock }) => {
    let interrupted = 0;
    await taskGroup(
      (group) => {
        for (let n = 0; n < TASKS; n++) group.spawn((scope) => sleep(1_000, scope).finally(() => interrupted++));
        assert.equal(group.size, TASKS);
        group.cancel();
      },
      { clock },
    );
    assert.equal(interrupted, TASKS);
    assert.equal(clock.now(), 0);
  });
});

describe(`G20: ${DEPTH} nested scopes`, () => {
  const kinds: Record<string, (scope: Scope, body: (scope: Scope) => Promise<unknown>, level: number) => Promise<unknown>> = {
    moveOnAfter: (scope, body) => scope.moveOnAfter(Infinity, body),
    failAfter: (scope, body, level) => scope.failAfter(1_000_000 + level, body),
    group: (scope, body) => scope.group(body),
    "a task of a group": (scope, body) => scope.group((group) => void group.spawn(body)),
    all: (scope, body) => scope.all([body]),
    "all of these in turn": (scope, body, level) =>
      [kinds["moveOnAfter"]!, kinds["failAfter"]!, kinds["group"]!, kinds["a task of a group"]!][level % 4]!(scope, body, level),
  };
  const causes = {
    "cancel()": (outer: CancelScope) => outer.cancel(),
    "a deadline": (outer: CancelScope) => outer.reschedule(outer.now() + 10),
  };
  /** Opens level after level, each after an await as programs do. */
  const nest = async (scope: Scope, kind: string, leaf: (scope: Scope) => Promise<unknown>, look: (scope: Scope) => void = () => {}, level = 0, depth = DEPTH): Promise<unknown> => {
    look(scope);
    if (level === depth) return leaf(scope);
    await Promise.resolve();
    return kinds[kind]!(scope, (inner) => nest(inner, kind, leaf, look, level + 1, depth), level);
  };

  const cancelled = [...Object.keys(kinds).map((kind) => [kind, "cancel()"] as const), ["all of these in turn", "a deadline"] as const];
  for (const [kind, cause] of cancelled) {
    scenario(`G20: of ${kind} are cancelled by ${cause}`, async ({ clock }) => {
      let told = 0;
      let signals = 0;
      const value = await moveOnAfter(
        Infinity,
        async (outer) => {
          const look = (scope: Scope): void => {
            scope.onCancel(() => told++);
            scope.signal.addEventListener("abort", () => signals++);
          };
          const leaf = (scope: Scope): Promise<never> => {
            causes[cause](outer);
            return sleepForever(scope);
          };
          await nest(outer, kind, leaf, look);
        },
        { clock, fallback: "absorbed" },
      );
      assert.equal(value, "absorbed");
      assert.deepEqual([told, signals], [DEPTH + 1, DEPTH + 1]);
    });
  }

  scenario("G20: are left by an error from the innermost", async ({ clock }) => {
    const E = new Error("E");
    const error = await thrownBy(moveOnAfter(Infinity, (outer) => nest(outer, "all of these in turn", () => Promise.reject(E)), { clock }));
    same(leaves(error), [E]);
  });

  scenario("G20: opened without an await between them, one within the other's body", async ({ clock }) => {
    const open = (scope: Scope, depth: number): Promise<unknown> => (depth === 0 ? sleepForever(scope) : scope.moveOnAfter(Infinity, (inner) => open(inner, depth - 1)));
    const value = await moveOnAfter(
      Infinity,
      async (outer) => {
        const call = open(outer, 1_000);
        outer.cancel();
        await call;
      },
      { clock, fallback: "absorbed" },
    );
    assert.equal(value, "absorbed");
  });

  scenario("G20: groups that are cancelled are left by an error in the cleanup of the innermost", async ({ clock }) => {
    const F = new Error("F");
    const error = await thrownBy(
      moveOnAfter(
        Infinity,
        (outer) => {
          const leaf = (scope: Scope): Promise<never> => {
            outer.cancel();
            return sleepForever(scope).catch(() => Promise.reject(F));
          };
          return nest(outer, "group", leaf, () => {}, 0, 1_000);
        },
        { clock },
      ),
    );
    same(leaves(isA(error, TaskGroupError)), [F]);
  });

  scenario("G20: whose deadlines all passed while the event loop was blocked", async ({ clock }) => {
    const value = await moveOnAfter(
      Infinity,
      (outer) =>
        nest(outer, "failAfter", async (scope) => {
          outer.reschedule(-1);
          assert.equal(scope.cancelled, true);
          await scope.checkpoint();
        }),
      { clock, fallback: "absorbed" },
    );
    assert.equal(value, "absorbed");
  });
});
