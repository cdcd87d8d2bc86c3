/** `scope.defer` (G23): cleanups that run once, last first, shielded, after the function and the tasks of their scope. */
import assert from "node:assert/strict";
import { describe } from "node:test";
import {
  failAfter,
  MisuseError,
  moveOnAfter,
  openTaskGroup,
  run,
  type Scope,
  sleep,
  sleepForever,
  suppressed,
  taskGroup,
  TaskGroupError,
  TimeoutError,
} from "espalier";
import { ending, gate, isA, quiet, same, scenario, thrownBy } from "../../tests/conformance/case.ts";

type Body = (scope: Scope) => Promise<unknown>;
type Open = (scope: Scope, body: Body) => Promise<unknown>;
/** Everything that hands a scope to a function. */
const openers: Record<string, Open> = {
  "a group": (scope, body) => scope.group(body),
  "a task": (scope, body) => scope.group((group) => group.spawn(body).join()),
  "a daemon": (scope, body) => scope.group((group) => group.spawn(body, { daemon: true }).join()),
  "a started task": (scope, body) =>
    scope.group(async (group) => {
      const task = await group.start((own, started: () => void) => {
        started();
        return body(own);
      }, group);
      return task.join();
    }),
  "failAfter()": (scope, body) => scope.failAfter(1_000, body),
  "moveOnAfter()": (scope, body) => scope.moveOnAfter(1_000, body),
  "shield()": (scope, body) => scope.shield(body, { timeout: 50 }),
  "run()": (scope, body) => run(body, scope),
  "a function of all()": (scope, body) => scope.all([body]).then(([value]) => value),
  "a call of map()": (scope, body) => scope.map([1], (_item, own) => body(own)).then(([value]) => value),
  "openTaskGroup()": (scope, body) => {
    const group = openTaskGroup(scope);
    return body(group).finally(() => group.join());
  },
};

describe("defer() runs its cleanups", () => {
  for (const [name, open] of Object.entries(openers)) {
    scenario(`when the function of ${name} has ended, last first, one after the other, and before the call settles`, async ({ clock }) => {
      const steps: string[] = [];
      const value = await failAfter(
        1_000,
        (scope) =>
          open(scope, async (own) => {
            for (const cleanup of ["first", "second"]) {
              own.defer(async (shield) => {
                steps.push(`${cleanup} begins`);
                await sleep(10, shield);
                steps.push(`${cleanup} ends`);
              });
            }
            own.defer(() => steps.push("third, without a promise"));
            await sleep(5, own);
            steps.push("function ends");
            return "value";
          }),
        { clock },
      );
      assert.equal(value, "value");
      assert.deepEqual(steps, ["function ends", "third, without a promise", "second begins", "second ends", "first begins", "first ends"]);
      assert.equal(clock.now(), 25);
    });
  }

  const bodies: Record<string, Body> = {
    "returned": async () => "value",
    "threw": () => Promise.reject(new Error("E")),
    "was cancelled": (scope) => sleepForever(scope),
    "swallowed its cancellation": (scope) => ending(sleepForever(scope)),
  };
  for (const [how, body] of Object.entries(bodies)) {
    for (const [name, open] of Object.entries(openers)) {
      scenario(`once and shielded, when the function of ${name} ${how}`, async ({ clock }) => {
        const seen: unknown[] = [];
        await ending(
          failAfter(
            50,
            (scope) =>
              open(scope, async (own) => {
                own.defer(async (shield) => {
                  seen.push(shield.cancelled, shield.signal.aborted, shield.deadline);
                  await sleep(100, shield);
                  seen.push("done");
                });
                return body(own);
              }),
            { clock },
          ),
        );
        assert.deepEqual(seen, [false, false, Infinity, "done"]);
      });
    }
  }

  scenario("after the tasks and the daemons of the group", async ({ clock }) => {
    const steps: string[] = [];
    await taskGroup(
      (group) => {
        group.defer(() => steps.push("cleanup"));
        group.spawn((scope) => sleep(10, scope).then(() => steps.push("task")));
        group.spawn((scope) => sleepForever(scope).finally(() => steps.push("daemon")), { daemon: true });
      },
      { clock },
    );
    assert.deepEqual(steps, ["task", "daemon", "cleanup"]);
  });

  scenario("of the group at its end, also those that a task of it registered", async ({ clock }) => {
    const steps: string[] = [];
    await taskGroup(
      async (group) => {
        const task = group.spawn((own) => {
          group.defer(() => steps.push("the group's"));
          own.defer(() => steps.push("the task's"));
        });
        await task.join(group);
        steps.push("the task has ended");
      },
      { clock },
    );
    assert.deepEqual(steps, ["the task's", "the task has ended", "the group's"]);
  });

  scenario("of a task before its outcome is known", async ({ clock }) => {
    await taskGroup(
      async (group) => {
        let during: string | undefined;
        const task = group.spawn((scope) => {
          scope.defer(() => (during = task.status));
          return sleep(1, scope);
        });
        await task.settled(group);
        assert.equal(during, "running");
      },
      { clock },
    );
  });

  scenario("that are registered in a scope that is cancelled already", async ({ clock }) => {
    const steps: string[] = [];
    await moveOnAfter(
      -1,
      async (scope) => {
        await ending(scope.checkpoint());
        scope.defer((shield) => sleep(1, shield).then(() => steps.push("cleanup")));
      },
      { clock },
    );
    assert.deepEqual(steps, ["cleanup"]);
  });

  scenario("in a scope of their own, where they may open children and defer in turn", async ({ clock }) => {
    const steps: string[] = [];
    await taskGroup(
      (group) => {
        group.defer(() => steps.push("first"));
        group.defer(async (shield) => {
          shield.defer(() => steps.push("deferred by the cleanup"));
          steps.push(...(await shield.all([() => "a", () => "b"])));
        });
      },
      { clock },
    );
    assert.deepEqual(steps, ["a", "b", "deferred by the cleanup", "first"]);
  });

  scenario("to their end, though the outer scope is cancelled meanwhile, and though nothing can interrupt them (G1)", async ({ clock }) => {
    const foreign = gate();
    let settled = false;
    const call = moveOnAfter(
      10,
      (scope) =>
        scope
          .group((group) => {
            group.defer(() => foreign.promise);
            return "value";
          })
          .finally(() => (settled = true)),
      { clock },
    );
    await clock.advance(100);
    assert.equal(settled, false);
    foreign.open();
    assert.equal(await call, "value");
  });
});

scenario("the scope of a cleanup has ended (G17): the old one waits, spawns and defers nothing more", async ({ clock }) => {
  const codes: unknown[] = [];
  await taskGroup(
    (group) => {
      group.defer(async () => {
        const uses = [() => group.spawn(() => assert.fail("called")), () => group.defer(() => assert.fail("called")), () => sleep(1, group)];
        for (const use of uses) codes.push(isA(await thrownBy(use), MisuseError).code);
      });
    },
    { clock },
  );
  assert.deepEqual(codes, ["SCOPE_ENDED", "SCOPE_ENDED", "SCOPE_ENDED"]);
});

describe("the failure of a deferred cleanup is a failure of its scope", () => {
  const [E, F, G] = [new Error("E"), new Error("F"), new Error("G")];
  const fail = (error: unknown) => () => Promise.reject(error);

  for (const [name, open] of Object.entries(openers)) {
    if (/group|run/i.test(name)) continue;
    scenario(`… of ${name}: thrown though the function returned`, async ({ clock }) => {
      const error = await thrownBy(
        moveOnAfter(
          1_000,
          (scope) =>
            open(scope, async (own) => {
              own.defer(fail(F));
              return "value";
            }),
          { clock },
        ),
      );
      same([...(error instanceof TaskGroupError ? error.errors : [error])], [F]);
    });
  }

  scenario("… thrown by every kind of cleanup: at once, by a promise, as a primitive; the others run all the same", async ({ clock }) => {
    const error = await thrownBy(
      taskGroup(
        (group) => {
          group.defer(fail(undefined));
          group.defer(() => {
            throw F;
          });
          group.defer(fail(G));
        },
        { clock },
      ),
    );
    same(isA(error, TaskGroupError).errors, [G, F, undefined]);
  });

  scenario("… of a group beside the others, in the order of failure, the body's own last", async ({ clock }) => {
    const error = await thrownBy(
      taskGroup(
        async (group) => {
          group.defer(fail(G));
          group.spawn(fail(F));
          await ending(sleepForever(group));
          throw E;
        },
        { clock },
      ),
    );
    same(isA(error, TaskGroupError).errors, [F, G, E]);
  });

  scenario("… of a scope with a time limit: the body's error carries it", async ({ clock }) => {
    const error = await thrownBy(
      failAfter(
        10,
        (scope) => {
          scope.defer(fail(G));
          scope.defer(fail(F));
          throw E;
        },
        { clock },
      ),
    );
    assert.equal(error, E);
    same(suppressed(E), [F, G]);
  });

  scenario("… beats the cancellation of its scope: neither fallback nor TimeoutError (G7)", async ({ clock }) => {
    const body = (scope: Scope): Promise<never> => {
      scope.defer(fail(F));
      return sleepForever(scope);
    };
    assert.equal(await thrownBy(moveOnAfter(10, body, { clock, fallback: "absorbed" })), F);
    assert.equal(await thrownBy(failAfter(10, body, { clock })), F);
  });

  scenario("… of a task: the task fails, and cancels its siblings", async ({ clock }) => {
    const error = await thrownBy(
      taskGroup(
        async (group) => {
          const task = group.spawn((scope) => scope.defer(fail(F)));
          assert.equal(isA(await thrownBy(sleepForever(group)), Error), group.reason);
          assert.equal(group.reason?.reason, F);
          assert.deepEqual(task.outcome, { status: "failed", error: F });
        },
        { clock },
      ),
    );
    same(isA(error, TaskGroupError).errors, [F]);
  });

  scenario("… of a cancelled task: the task fails (G7)", async ({ clock }) => {
    const error = await thrownBy(
      taskGroup(
        async (group) => {
          const task = group.spawn((scope) => {
            scope.defer(fail(F));
            return sleepForever(scope);
          });
          task.cancel();
          await ending(task.settled(group));
          assert.deepEqual(task.outcome, { status: "failed", error: F });
        },
        { clock },
      ),
    );
    same(isA(error, TaskGroupError).errors, [F]);
  });

  scenario("… is a forgotten await in the cleanup, too", async ({ clock }) => {
    const error = await thrownBy(failAfter(10, (scope) => scope.defer((shield) => void shield.group(sleepForever)), { clock }));
    assert.equal(isA(error, MisuseError).code, "UNAWAITED");
  });
});

describe("defer() with a timeout", () => {
  scenario("cuts the cleanup short with a TimeoutError, which is a failure of the scope; the others have their own time", async ({ clock }) => {
    const steps: string[] = [];
    const error = await thrownBy(
      taskGroup(
        (group) => {
          group.defer((shield) => sleep(40, shield).then(() => steps.push("within its time")), { timeout: 50 });
          group.defer(sleepForever, { timeout: 30 });
        },
        { clock },
      ),
    );
    const [failure] = isA(error, TaskGroupError).errors;
    assert.equal(isA(failure, TimeoutError).ms, 30);
    assert.deepEqual(steps, ["within its time"]);
    assert.equal(clock.now(), 70);
  });

  scenario("counts from the beginning of the cleanup, not from its registration", async ({ clock }) => {
    await taskGroup(
      async (group) => {
        group.defer((shield) => sleep(20, shield), { timeout: 30 });
        await sleep(100, group);
      },
      { clock },
    );
    assert.equal(clock.now(), 120);
  });

  scenario("takes undefined and Infinity for no limit; zero has expired already, and the cleanup starts", async ({ clock }) => {
    const steps: string[] = [];
    await failAfter(
      10,
      (scope) => {
        scope.defer((shield) => void steps.push(String(shield.deadline)), { timeout: undefined });
        scope.defer((shield) => void steps.push(String(shield.deadline)), { timeout: Infinity });
        scope.defer((shield) => void steps.push(String(shield.deadline)), { timeout: 0 });
      },
      { clock },
    );
    assert.deepEqual(steps, ["-Infinity", "Infinity", "Infinity"]);
  });

  scenario("throws a RangeError for NaN, and a TypeError for what is no function: nothing is registered", async ({ clock }) => {
    await taskGroup(
      async (group) => {
        isA(await thrownBy(() => group.defer(() => assert.fail("called"), { timeout: Number.NaN })), RangeError);
        isA(await thrownBy(() => group.defer(Promise.resolve() as never)), TypeError);
      },
      { clock },
    );
  });
});

scenario("a cleanup that waits with an outer, cancelled scope is stopped by it, and that is no failure", async ({ clock }) => {
  const fallback = await moveOnAfter(
    Infinity,
    async (outer) => {
      await outer.group(async (group) => {
        group.defer(() => sleep(1_000, outer));
        outer.cancel();
        await quiet();
      });
      await outer.checkpoint();
    },
    { clock, fallback: "absorbed" },
  );
  assert.equal(fallback, "absorbed");
  assert.equal(clock.now(), 0);
});
