/** G19: onCancel handlers. */
import assert from "node:assert/strict";
import { describe } from "node:test";
import { type CancelledError, type CancelScope, moveOnAfter, type Scope, sleep, sleepForever, taskGroup } from "espalier";
import { quiet, same, scenario } from "../case.ts";

/** Runs `body` in a scope that it may cancel. */
const inScope = (body: (scope: CancelScope) => unknown): Promise<unknown> => moveOnAfter(Infinity, body);

describe("G19: when handlers run", () => {
  scenario("G19: once, in the order of registration, within cancel(), with the scope's reason", async () => {
    await inScope((scope) => {
      const log: unknown[] = [];
      for (const name of ["a", "b", "c"]) scope.onCancel((reason) => log.push(name, reason));
      scope.cancel();
      const { reason } = scope;
      same(log, ["a", reason, "b", reason, "c", reason]);
      scope.cancel("again");
      assert.equal(log.length, 6);
    });
  });

  scenario("G19: at once, before onCancel() returns, in a scope that is cancelled already", async () => {
    await inScope((scope) => {
      scope.cancel();
      let told: unknown;
      const registration = scope.onCancel((reason) => (told = reason));
      assert.equal(told, scope.reason);
      registration[Symbol.dispose]();
    });
  });

  scenario("G19: not after their registration was disposed, also by an earlier handler", async () => {
    await inScope((scope) => {
      const log: string[] = [];
      const first = scope.onCancel(() => log.push("disposed before"));
      first[Symbol.dispose]();
      first[Symbol.dispose]();
      scope.onCancel(() => {
        log.push("a");
        doomed[Symbol.dispose]();
      });
      const doomed = scope.onCancel(() => log.push("disposed by a"));
      const last = scope.onCancel(() => log.push("b"));
      scope.cancel();
      last[Symbol.dispose]();
      assert.deepEqual(log, ["a", "b"]);
    });
  });

  scenario("G19: the same function registered twice is two registrations", async () => {
    await inScope((scope) => {
      let calls = 0;
      const handler = (): void => void calls++;
      const first = scope.onCancel(handler);
      scope.onCancel(handler);
      first[Symbol.dispose]();
      scope.cancel();
      assert.equal(calls, 1);
    });
  });

  scenario("G19: one that is registered by a handler runs at once, one that cancels again changes nothing", async () => {
    await inScope((scope) => {
      const log: string[] = [];
      scope.onCancel(() => {
        log.push("a begins");
        scope.cancel("again");
        scope.onCancel(() => log.push("inner"));
        log.push("a ends");
      });
      scope.onCancel(() => log.push("b"));
      scope.cancel("first");
      assert.deepEqual(log, ["a begins", "inner", "a ends", "b"]);
      assert.equal(scope.reason?.reason, "first");
    });
  });

  scenario("G19: not at the normal end of the scope, and not when something around it is cancelled afterwards", async () => {
    let told = 0;
    await inScope(async (outer) => {
      await outer.moveOnAfter(Infinity, (scope) => void scope.onCancel(() => told++));
      await outer.group((group) => void group.spawn((scope) => void scope.onCancel(() => told++)));
      outer.cancel();
    });
    assert.equal(told, 0);
  });

  const causes: Record<string, (scope: CancelScope, around: { outer: CancelScope; abort(): void }) => unknown> = {
    explicit: (scope) => scope.cancel(),
    deadline: (scope) => (scope.reschedule(scope.now() + 5), sleepForever(scope)),
    "an outer scope": (_, { outer }) => outer.cancel(),
    "a signal from outside": (_, { abort }) => abort(),
    "a failed sibling": (scope) => scope.group((group) => {
      group.spawn(() => Promise.reject(new Error("E")));
      return sleepForever(group);
    }),
  };
  for (const [cause, cancel] of Object.entries(causes)) {
    scenario(`G19: told of ${cause}, in a task, a group and a limited scope alike`, async ({ clock, outside }) => {
      const client = outside();
      const told: CancelledError[] = [];
      const listen = async (scope: Scope): Promise<never> => {
        scope.onCancel((reason) => void told.push(reason));
        return sleepForever(scope);
      };
      await moveOnAfter(
        Infinity,
        (outer) =>
          outer.moveOnAfter(Infinity, async (scope) => {
            await scope.group(async (group) => {
              group.spawn(listen);
              group.spawn((own) => own.group(listen));
              group.spawn((own) => own.failAfter(1_000, listen));
              group.spawn(async () => {
                if (cause === "a failed sibling") throw new Error("E");
                await cancel(scope, { outer, abort: () => client.abort() });
              });
            });
          }),
        { clock, signal: client.signal },
      ).catch(() => {});
      assert.equal(told.length, 3);
      assert.equal(new Set(told).size, 1);
    });
  }
});

describe("G19: a handler that fails", () => {
  const E = new Error("E");
  const failing: Record<string, () => unknown> = {
    "throws": () => { throw E; },
    "rejects": () => Promise.reject(E),
    "rejects later": async () => {
      await Promise.resolve();
      throw E;
    },
    "throws undefined": () => { throw undefined; },
  };
  for (const [how, handler] of Object.entries(failing)) {
    scenario(`G19: one that ${how} stops neither the others nor cancel(), and is reported as the platform reports an event listener`, async ({ takeReports }) => {
      const target = new EventTarget();
      target.addEventListener("happening", handler);
      target.dispatchEvent(new Event("happening"));
      const expected = await takeReports();
      assert.equal(expected.length, 1);

      const log: string[] = [];
      await inScope(async (scope) => {
        scope.onCancel(() => log.push("before"));
        scope.onCancel(handler);
        scope.onCancel(() => log.push("after"));
        scope.signal.addEventListener("abort", () => log.push("signal"));
        scope.cancel();
        log.push("cancel() returned");
        assert.deepEqual(await takeReports(), expected);
      });
      assert.deepEqual(log, ["signal", "before", "after", "cancel() returned"]);
    });

    scenario(`G19: one that ${how}, registered too late, does not make onCancel() throw`, async ({ takeReports }) => {
      await inScope(async (scope) => {
        scope.cancel();
        scope.onCancel(handler);
        assert.equal((await takeReports()).length, 1);
      });
    });
  }

  scenario("G19: each of several that fail is reported", async ({ takeReports }) => {
    const errors = [new Error("1"), new Error("2"), new Error("3")];
    await inScope((scope) => {
      for (const error of errors) {
        scope.onCancel(() => {
          throw error;
        });
      }
      scope.cancel();
    });
    same((await takeReports()).map(({ error }) => error), errors);
  });

  scenario("G19: an asynchronous handler is not waited for", async () => {
    const log: string[] = [];
    await inScope((scope) => {
      scope.onCancel(async () => {
        await quiet();
        log.push("handler");
      });
      scope.cancel();
    });
    log.push("settled");
    await quiet();
    await quiet();
    assert.deepEqual(log, ["settled", "handler"]);
  });
});

describe("G19: listeners of the platform", () => {
  scenario("G19: a listener on the scope's signal that throws stops nothing either", async ({ takeReports }) => {
    const E = new Error("E");
    let told = 0;
    await inScope((scope) => {
      scope.signal.addEventListener("abort", () => {
        throw E;
      });
      scope.signal.addEventListener("abort", () => told++);
      scope.onCancel(() => told++);
      scope.cancel();
    });
    assert.equal(told, 2);
    same((await takeReports()).map(({ error }) => error), [E]);
  });

  scenario("G19: any number of operations on one scope give no warning and put no listener on its signal", async ({ clock }) => {
    await taskGroup(
      async (group) => {
        const { signal } = group;
        let added = 0;
        signal.addEventListener = () => void added++;
        const waits: Promise<unknown>[] = [];
        for (let n = 0; n < 300; n++) {
          waits.push(sleep(10, group), sleep(10, { signal }), sleep(10, { ...group }), group.checkpoint(), group.wait(Promise.resolve()));
          waits.push(group.failAfter(100, (scope) => sleep(5, scope)), group.group((inner) => sleep(5, inner)), group.shield(() => {}));
          waits.push(taskGroup((inner) => sleep(5, inner), group), group.spawn((scope) => sleep(5, scope)).join(group));
          group.onCancel(() => {})[Symbol.dispose]();
        }
        await Promise.all(waits);
        assert.equal(added, 0);
      },
      { clock },
    );
  });
});
