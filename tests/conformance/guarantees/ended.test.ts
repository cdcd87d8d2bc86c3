/** G17: a scope has ended when its function and every task in it have finished; what may be done with it then. */
import assert from "node:assert/strict";
import { describe } from "node:test";
import {
  all,
  type Cancellable,
  type CancelScope,
  failAfter,
  MisuseError,
  moveOnAfter,
  type Scope,
  sleep,
  sleepForever,
  sleepUntil,
  type Task,
  type TaskGroup,
  taskGroup,
} from "espalier";
import { park } from "espalier/lowlevel";
import { gate, type Given, isA, quiet, same, scenario, thrownBy } from "../case.ts";
import { disposable, openers, shield } from "../openers.ts";

const fails = (): never => assert.fail("called");

/** What waits in a scope or opens one below it: all of these reject. */
const asynchronous: Record<string, (scope: Scope, around: { group: TaskGroup; finished: Task<void> }) => Promise<unknown>> = {
  "checkpoint()": (scope) => scope.checkpoint(),
  "wait()": (scope) => scope.wait(Promise.resolve()),
  "sleep()": (scope) => sleep(0, scope),
  "sleep({ signal })": (scope) => sleep(0, { signal: scope.signal }),
  "sleepUntil()": (scope) => sleepUntil(0, scope),
  "sleepForever()": (scope) => sleepForever(scope),
  "task.join()": (scope, { finished }) => finished.join(scope),
  "task.settled()": (scope, { finished }) => finished.settled(scope),
  "group.vacancy()": (scope, { group }) => group.vacancy(scope),
  "group.start()": (scope, { group }) => group.start(fails, scope),
  "park()": (scope) => park(scope, "bell", fails),
  "scope.group()": (scope) => scope.group(fails),
  "scope.failAfter()": (scope) => scope.failAfter(1, fails),
  "scope.moveOnAfter()": (scope) => scope.moveOnAfter(1, fails),
  "scope.shield()": (scope) => scope.shield(fails),
  "scope.all()": (scope) => scope.all([fails]),
  "scope.allSettled()": (scope) => scope.allSettled([fails]),
  "scope.race()": (scope) => scope.race([fails]),
  "scope.any()": (scope) => scope.any([fails]),
  "scope.map()": (scope) => scope.map([1], fails),
  "taskGroup(…, scope)": (scope) => taskGroup(fails, scope),
  "taskGroup(…, { ...scope })": (scope) => taskGroup(fails, { ...scope }),
  "failAfter(…, scope)": (scope) => failAfter(1, fails, scope),
  "moveOnAfter(…, { signal })": (scope) => moveOnAfter(1, fails, { signal: scope.signal }),
  "all(…, scope)": (scope) => all([fails], scope),
};

/** What throws. */
const synchronous: Record<string, (scope: Scope) => unknown> = {
  "throwIfCancelled()": (scope) => scope.throwIfCancelled(),
  "defer()": (scope) => scope.defer(fails),
};

/** Scopes that have ended, of every kind. */
async function endedScopes(clock: Given["clock"]): Promise<Record<string, Scope>> {
  const ended: Record<string, Scope> = {};
  await taskGroup(
    async (group) => {
      for (const { name, open } of [...openers, shield, disposable]) await open(group, (scope) => void (ended[name] = scope));
      await group.moveOnAfter(Infinity, (scope) => {
        ended["a cancelled moveOnAfter()"] = scope;
        scope.cancel();
        return scope.checkpoint();
      });
      await group.moveOnAfter(10, (scope) => sleep(20, (ended["an expired moveOnAfter()"] = scope)));
      const task = group.spawn((scope) => sleepForever((ended["a cancelled task"] = scope)));
      task.cancel();
      await task.settled(group);
    },
    { clock },
  );
  return ended;
}

describe('G17: what waits, opens or spawns in an ended scope gives MisuseError "SCOPE_ENDED" and calls nothing', () => {
  for (const [name, call] of Object.entries(asynchronous)) {
    scenario(`G17: ${name} rejects`, async ({ clock }) => {
      const ended = await endedScopes(clock);
      await taskGroup(
        async (group) => {
          const finished = group.spawn(() => {});
          for (const [kind, scope] of Object.entries(ended)) {
            const promise = call(scope, { group, finished });
            assert.equal(isA(await thrownBy(promise), MisuseError).code, "SCOPE_ENDED", kind);
          }
        },
        { clock },
      );
    });
  }

  for (const [name, call] of Object.entries(synchronous)) {
    scenario(`G17: ${name} throws`, async ({ clock }) => {
      for (const [kind, scope] of Object.entries(await endedScopes(clock))) {
        assert.throws(
          () => call(scope),
          (error) => isA(error, MisuseError).code === "SCOPE_ENDED",
          kind,
        );
      }
    });
  }

  scenario("G17: spawn(), trySpawn() and reschedule() throw, vacancy() and start() of the ended group reject", async ({ clock }) => {
    const group = await taskGroup((open) => open, { clock });
    for (const call of [() => group.spawn(fails), () => group.trySpawn(fails), () => group.reschedule(1)]) {
      assert.throws(call, (error) => isA(error, MisuseError).code === "SCOPE_ENDED");
    }
    await taskGroup(
      async (living) => {
        for (const call of [group.vacancy(living), group.start(fails, living)]) {
          assert.equal(isA(await thrownBy(call), MisuseError).code, "SCOPE_ENDED");
        }
      },
      { clock },
    );
  });

  scenario("G17: the message names the scope and what was called", async ({ clock }) => {
    const group = await taskGroup((open) => open, { clock, name: "closed shop" });
    const { message } = isA(await thrownBy(() => group.spawn(fails)), MisuseError);
    assert.match(message, /closed shop/);
    assert.match(message, /spawn/);
  });
});

describe("G17: an ended scope can be read, and cancel() does nothing", () => {
  scenario("G17: a scope that ended well stays as it was", async ({ clock }) => {
    let told = 0;
    const read = async (scope: CancelScope): Promise<CancelScope> => {
      scope.onCancel(() => told++);
      void scope.signal;
      return scope;
    };
    const scopes = [
      await taskGroup(read, { clock, name: "a" }),
      await failAfter(100, read, { clock, name: "a" }),
      (await moveOnAfter(100, read, { clock, name: "a" }))!,
      (await moveOnAfter(Infinity, (scope) => scope.shield(read, { name: "a", timeout: 100 }), { clock }))!,
    ];
    await clock.advance(1_000);
    for (const scope of scopes) {
      scope.cancel("late");
      assert.equal(scope.name, "a");
      assert.equal(scope.cancelled, false);
      assert.equal(scope.reason, undefined);
      assert.equal(scope.signal.aborted, false);
      assert.equal(scope.now(), clock.now());
      assert.equal(typeof scope.deadline, "number");
    }
    assert.equal(told, 0);
  });

  scenario("G17: a cancellation of the scope around does not reach a child that has ended", async ({ clock }) => {
    await moveOnAfter(
      Infinity,
      async (outer) => {
        let told = 0;
        const inner = await outer.failAfter(100, (scope) => {
          scope.onCancel(() => told++);
          void scope.signal;
          return scope;
        });
        outer.cancel();
        assert.equal(inner.cancelled, false);
        assert.equal(inner.signal.aborted, false);
        assert.equal(told, 0);
      },
      { clock },
    );
  });

  scenario("G17: a scope that was cancelled still tells why", async ({ clock }) => {
    const kept: CancelScope[] = [];
    await moveOnAfter(10, (scope) => sleep(20, (kept.push(scope), scope)), { clock });
    const [scope] = kept;
    assert.equal(scope?.cancelled, true);
    assert.equal(scope.reason?.source, "deadline");
    assert.equal(scope.signal.reason, scope.reason);
    assert.equal(scope.deadline, -Infinity);
  });

  scenario("G17: the size and tasks of an ended group are empty", async ({ clock }) => {
    const group = await taskGroup((open) => (open.spawn((scope) => sleep(1, scope)), open), { clock });
    assert.equal(group.size, 0);
    same(group.tasks, []);
  });
});

describe("G17: when it has ended", () => {
  scenario("G17: a group whose body has returned lives as long as a task of it", async ({ clock }) => {
    const log: string[] = [];
    await taskGroup(
      (group) => {
        group.spawn(async (scope) => {
          await sleep(10, scope);
          await group.checkpoint();
          await sleep(10, group);
          group.throwIfCancelled();
          log.push(await group.moveOnAfter(10, () => "opened"));
          group.reschedule(1_000);
          assert.equal(group.deadline, 1_000);
        });
      },
      { clock },
    );
    assert.deepEqual(log, ["opened"]);
  });

  scenario("G17: a task's scope ends with the task, though its group goes on", async ({ clock }) => {
    await taskGroup(
      async (group) => {
        const kept: Scope[] = [];
        await group.spawn((scope) => void kept.push(scope)).join(group);
        assert.equal(isA(await thrownBy(kept[0]!.checkpoint()), MisuseError).code, "SCOPE_ENDED");
        await group.checkpoint();
      },
      { clock },
    );
  });

  scenario("G17: the functions of all() each have a scope that ends with them", async ({ clock }) => {
    await taskGroup(
      async (group) => {
        const first = gate<Scope>();
        await group.all([
          (scope) => first.open(scope),
          async (scope) => {
            const ended = await first.promise;
            await quiet();
            assert.equal(isA(await thrownBy(ended.checkpoint()), MisuseError).code, "SCOPE_ENDED");
            await scope.checkpoint();
          },
        ]);
      },
      { clock },
    );
  });

  scenario("G17: a signal is not aborted by the normal end of its scope", async ({ clock }) => {
    const signals: AbortSignal[] = [];
    const keep = ({ signal }: Cancellable): void => void signals.push(signal);
    await taskGroup(
      async (group) => {
        keep(group);
        for (const { open } of [...openers, shield]) await open(group, keep);
      },
      { clock },
    );
    assert.equal(signals.length, openers.length + 2);
    assert.deepEqual(signals.filter(({ aborted }) => aborted), []);
  });
});
