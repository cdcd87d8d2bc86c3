/** H: start(), a task in two lives. Until it has called started() it is its caller's, afterwards its group's (G15). */
import assert from "node:assert/strict";
import { describe } from "node:test";
import { CancelledError, MisuseError, type Scope, sleep, sleepForever, type StartedTask, type TaskGroup, taskGroup, TaskGroupError, TimeoutError } from "espalier";
import { ending, gate, isA, quiet, same, scenario, thrownBy } from "./case.ts";

/** Starts, says so after `ms`, and runs until it is cancelled. */
const service =
  (ms: number) =>
  async (scope: Scope, started: (name: string) => void): Promise<void> => {
    await sleep(ms, scope);
    started("service");
    await sleepForever(scope);
  };

scenario("H01: start() gives the task when it calls started(), and the group waits for the rest of it", async ({ clock }) => {
  await taskGroup(
    async (group) => {
      const task = await group.start(async (scope, started: (value: number) => void) => {
        await sleep(1_000, scope);
        started(1);
        await sleep(1_000, scope);
      }, group);
      assert.equal(task.started, 1);
      assert.equal(group.now(), 1_000);
      assert.equal(group.size, 1);
      same(group.tasks, [task]);
      assert.equal(task.status, "running");
    },
    { clock },
  );
  assert.equal(clock.now(), 2_000);
});

scenario('H03: started() a second time throws MisuseError "ALREADY_STARTED" in the task; the caller has the first value', async ({ clock }) => {
  let thrown: unknown;
  const error = await thrownBy(
    taskGroup(
      async (group) => {
        const task = await group.start(async (_scope, started: (value: number) => void) => {
          started(1);
          thrown = await thrownBy(() => started(2));
          throw thrown;
        }, group);
        assert.equal(task.started, 1);
      },
      { clock },
    ),
  );
  assert.equal(isA(thrown, MisuseError).code, "ALREADY_STARTED");
  same(isA(error, TaskGroupError).errors, [thrown]);
});

describe("H04: a throw before started() rejects start() with that very error, and is no failure of the group", () => {
  const thrown: Record<string, unknown> = {
    "an error": new Error("E"),
    "an error with a cause": new Error("E", { cause: new Error("cause") }),
    "an aggregate of the user": new AggregateError([new Error("E")], "mine"),
    "a TaskGroupError": new TaskGroupError([new Error("E")]),
    "an abort error of the platform": new DOMException("aborted elsewhere", "AbortError"),
    "undefined": undefined,
  };
  const throwers: Record<string, (error: unknown) => (scope: Scope) => unknown> = {
    "at once": (error) => () => {
      throw error;
    },
    "after a wait": (error) => async (scope) => {
      await sleep(10, scope);
      throw error;
    },
  };
  for (const [what, error] of Object.entries(thrown)) {
    for (const [when, thrower] of Object.entries(throwers)) {
      scenario(`H04: … ${what}, thrown ${when}`, async ({ clock }) => {
        await taskGroup(
          async (group) => {
            same([await thrownBy(group.start(thrower(error), group))], [error]);
            assert.equal(group.size, 0);
            assert.equal(group.cancelled, false);
            await sleep(1, group);
          },
          { clock },
        );
      });
    }
  }

  scenario("H04: … which the body lets pass is the group's failure once", async ({ clock }) => {
    const E = new Error("E");
    const error = await thrownBy(taskGroup((group) => group.start(() => Promise.reject(E), group), { clock }));
    same(isA(error, TaskGroupError).errors, [E]);
  });

  scenario("H04: … is not given to the group's onError", async ({ clock }) => {
    const E = new Error("E");
    await taskGroup((group) => thrownBy(group.start(() => Promise.reject(E), group)), { clock, onError: () => assert.fail("it was") });
  });
});

describe('H05: a return before started() rejects start() with MisuseError "NOT_STARTED"', () => {
  const functions: Record<string, (scope: Scope) => unknown> = { "at once": () => 42, "after a wait": (scope) => sleep(10, scope) };
  for (const [when, fn] of Object.entries(functions)) {
    scenario(`H05: … ${when}; the message names the task, and the group goes on`, async ({ clock }) => {
      await taskGroup(
        async (group) => {
          const { code, message } = isA(await thrownBy(group.start(fn, group, { name: "listener" })), MisuseError);
          assert.equal(code, "NOT_STARTED");
          assert.match(message, /listener/);
          await sleep(1, group);
        },
        { clock },
      );
    });
  }
});

describe("H06: a throw after started() is the group's failure, though start() has given the task", () => {
  for (const turns of [0, 1]) {
    scenario(`H06: … ${turns} waits later`, async ({ clock }) => {
      const E = new Error("E");
      let task: StartedTask<unknown, string> | undefined;
      const error = await thrownBy(
        taskGroup(
          async (group) => {
            task = await group.start(async (scope, started: (value: string) => void) => {
              started("yes");
              for (let turn = 0; turn < turns; turn++) await sleep(10, scope);
              throw E;
            }, group);
          },
          { clock },
        ),
      );
      assert.equal(task?.started, "yes");
      same(isA(error, TaskGroupError).errors, [E]);
    });
  }

  scenario("H06: … also where the function does not wait at all", async ({ clock }) => {
    const E = new Error("E");
    const error = await thrownBy(
      taskGroup(
        async (group) => {
          const { started } = await group.start((_scope, ready: (value: string) => void): void => {
            ready("yes");
            throw E;
          }, group);
          assert.equal(started, "yes");
        },
        { clock },
      ),
    );
    same(isA(error, TaskGroupError).errors, [E]);
  });
});

describe("H07: the caller's cancellation before started() cancels the task, and start() rejects with it", () => {
  scenario("H07: … and a later started() does nothing", async ({ clock }) => {
    let laterThrew = false;
    await taskGroup(
      async (group) => {
        await group.moveOnAfter(10, async (caller) => {
          const error = await thrownBy(
            group.start(async (scope, started: () => void) => {
              const end = await ending(sleepForever(scope));
              assert.ok("error" in end && end.error === caller.reason);
              try {
                started();
                started();
              } catch {
                laterThrew = true;
              }
              await scope.checkpoint();
            }, caller),
          );
          assert.equal(error, caller.reason);
          assert.equal(group.size, 0);
        });
        assert.equal(group.cancelled, false);
        await sleep(1, group);
      },
      { clock },
    );
    assert.equal(laterThrew, false);
  });

  scenario("H07: … when the task has ended, not before", async ({ clock }) => {
    const foreign = gate();
    await taskGroup(
      (group) =>
        group.moveOnAfter(Infinity, async (caller) => {
          let settled = false;
          const start = thrownBy(group.start(() => foreign.promise, caller)).finally(() => (settled = true));
          caller.cancel();
          await quiet();
          assert.equal(settled, false);
          foreign.open();
          assert.equal(await start, caller.reason);
        }),
      { clock },
    );
  });

  scenario("H07: … a deadline of the caller that passes is the caller's TimeoutError", async ({ clock }) => {
    await taskGroup(
      async (group) => {
        isA(await thrownBy(group.failAfter(10, (caller) => group.start(service(1_000), caller))), TimeoutError);
        assert.equal(group.now(), 10);
      },
      { clock },
    );
  });

  scenario("H07: … a real error in the task's cleanup is what start() rejects with (G7)", async ({ clock }) => {
    const F = new Error("F");
    await taskGroup(
      async (group) => {
        const error = await thrownBy(
          group.moveOnAfter(10, (caller) =>
            group.start(async (scope) => {
              await ending(sleepForever(scope));
              throw F;
            }, caller),
          ),
        );
        assert.equal(error, F);
        await sleep(1, group);
      },
      { clock },
    );
  });
});

describe('H10: start() on an ended group rejects at once with MisuseError "SCOPE_ENDED", and calls nothing', () => {
  scenario("H10: … no time passes", async ({ clock }) => {
    let kept!: TaskGroup;
    await taskGroup((group) => void (kept = group), { clock });
    await taskGroup(
      async (group) => {
        const { code } = isA(await thrownBy(kept.start(() => assert.fail("called"), group)), MisuseError);
        assert.equal(code, "SCOPE_ENDED");
        assert.equal(group.now(), 0);
      },
      { clock },
    );
  });

  scenario("H10: … also when it is the caller's scope that has ended", async ({ clock }) => {
    await taskGroup(
      async (group) => {
        let kept!: Scope;
        await group.shield((scope) => void (kept = scope));
        const { code } = isA(await thrownBy(group.start(() => assert.fail("called"), kept)), MisuseError);
        assert.equal(code, "SCOPE_ENDED");
        assert.equal(group.size, 0);
      },
      { clock },
    );
  });
});

describe("H14: until started() the task obeys its caller's scopes, afterwards its group's", () => {
  type Caller = Parameters<Parameters<Scope["moveOnAfter"]>[1]>[0];
  const ends: Record<string, (caller: Caller) => unknown> = {
    "its cancel()": (caller) => caller.cancel(),
    "its deadline": async (caller) => {
      caller.reschedule(caller.now() + 10);
      await ending(sleepForever(caller));
    },
    "its end": () => {},
  };
  for (const [name, end] of Object.entries(ends)) {
    scenario(`H14: … ${name} after started() does not touch the task`, async ({ clock }) => {
      await taskGroup(
        async (group) => {
          let own!: Scope;
          let task!: StartedTask<void, string>;
          await group.moveOnAfter(1_000, async (caller) => {
            task = await group.start((scope, started: (name: string) => void) => {
              own = scope;
              return service(5)(scope, started);
            }, caller);
            assert.equal(own.deadline, Infinity, "the caller's deadline still holds");
            await end(caller);
          });
          await sleep(2_000, group);
          assert.equal(task.status, "running");
          assert.equal(own.signal.aborted, false);
          task.cancel();
        },
        { clock },
      );
    });
  }

  scenario("H14: … the caller's deadline holds before, the group's afterwards", async ({ clock }) => {
    await taskGroup(
      async (group) => {
        group.reschedule(500);
        const seen: number[] = [];
        const fallback = await group.shield((shield) =>
          shield.moveOnAfter(100, async (caller) => {
            await group.start(async (scope, started: () => void) => {
              seen.push(scope.deadline);
              started();
              seen.push(scope.deadline);
            }, caller);
            return "started";
          }),
        );
        assert.equal(fallback, "started");
        assert.deepEqual(seen, [100, 500]);
      },
      { clock },
    );
  });

  scenario("H14: … the group's cancellation does not reach it before, and at started() it does", async ({ clock }) => {
    const steps: string[] = [];
    let cancelled: CancelledError | undefined;
    await taskGroup(
      async (outer) => {
        await ending(
          outer.group(async (group) => {
            const start = group.start(async (scope, started: () => void) => {
              await sleep(10, scope);
              steps.push("not reached before");
              started();
              steps.push("started");
              await thrownBy(scope.checkpoint());
              cancelled = scope.reason;
            }, outer);
            group.cancel("enough");
            await start;
            assert.equal(cancelled ?? group.reason, group.reason);
            steps.push("given");
          }),
        );
      },
      { clock },
    );
    assert.deepEqual(steps, ["not reached before", "started", "given"]);
    assert.equal(cancelled?.reason, "enough");
  });

  scenario("H14: … what it opened before goes with it, waits and handlers and all", async ({ clock }) => {
    const heard: unknown[] = [];
    const error = await thrownBy(
      taskGroup(
        async (group) => {
          group.reschedule(500);
          let inner!: TaskGroup;
          await group.shield((shield) =>
            shield.moveOnAfter(100, async (caller) => {
              await group.start(
                (scope, started: () => void) =>
                  scope.group(async (own) => {
                    inner = own;
                    own.onCancel((reason) => heard.push(reason));
                    own.spawn(sleepForever);
                    started();
                    await sleepForever(own);
                  }),
                caller,
              );
              caller.cancel();
            }),
          );
          assert.equal(inner.cancelled, false);
          assert.equal(inner.deadline, 500);
          group.cancel();
          assert.equal(inner.reason, group.reason);
          same(heard, [group.reason]);
          await group.checkpoint();
        },
        { clock },
      ),
    );
    same(heard, [error]);
  });
});

scenario("H16: what start() gives is the task itself: join() gives its value, cancel() ends it", async ({ clock }) => {
  await taskGroup(
    async (group) => {
      const first = await group.start(async (scope, started: () => void) => {
        started();
        await sleep(10, scope);
        return "value";
      }, group);
      assert.equal(await first.join(group), "value");
      const second = await group.start(service(10), group, { name: "second" });
      assert.equal(second.name, "second");
      second.cancel("enough");
      const outcome = await second.settled(group);
      assert.ok(outcome.status === "cancelled" && outcome.reason.reason === "enough" && outcome.reason.by === "second");
    },
    { clock },
  );
});
