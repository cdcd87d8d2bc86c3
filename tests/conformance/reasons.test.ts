/** R: every CancelledError tells who asked, why, and on what; a TimeoutError what was late (G9). */
import assert from "node:assert/strict";
import { describe } from "node:test";
import {
  CancelledError,
  type CancelScope,
  failAfter,
  isCancelled,
  moveOnAfter,
  type Scope,
  sleep,
  sleepForever,
  taskGroup,
  TimeoutError,
} from "espalier";
import { ending, isA, same, scenario, thrownBy } from "./case.ts";

describe('R01: cancel("hello") is a CancelledError with source "explicit", that reason, and the name of what was cancelled', () => {
  type Opens = (scope: Scope, body: (own: CancelScope) => Promise<unknown>) => Promise<unknown>;
  const openers: Record<string, Opens> = {
    "a group": (scope, body) => scope.group(body, { name: "greeter" }),
    "failAfter()": (scope, body) => scope.failAfter(1_000, body, { name: "greeter" }),
    "moveOnAfter()": (scope, body) => scope.moveOnAfter(1_000, body, { name: "greeter" }),
    "shield()": (scope, body) => scope.shield(body, { name: "greeter" }),
    "a root": (_scope, body) => taskGroup(body, { name: "greeter" }),
    "a scope that has the name of its body": (scope, body) => scope.group(function greeter(group) {
      return body(group);
    }),
  };
  for (const [name, open] of Object.entries(openers)) {
    scenario(`R01: … ${name}`, async ({ clock }) => {
      let seen: unknown;
      await taskGroup(
        (outer) =>
          ending(
            open(outer, async (own) => {
              own.cancel("hello");
              seen = await thrownBy(own.checkpoint());
              assert.equal(own.reason, seen);
              assert.equal(own.signal.reason, seen);
            }),
          ),
        { clock },
      );
      const { source, reason, by, message, cause } = isA(seen, CancelledError);
      assert.deepEqual({ source, reason, by, cause }, { source: "explicit", reason: "hello", by: "greeter", cause: "hello" });
      assert.match(message, /"greeter".*hello/);
    });
  }

  scenario("R01: … a task, from its handle", async ({ clock }) => {
    await taskGroup(
      async (group) => {
        const task = group.spawn(async function greeter(scope) {
          await sleepForever(scope);
        });
        task.cancel("hello");
        const outcome = await task.settled(group);
        assert.ok(outcome.status === "cancelled");
        const { source, reason, by, message } = outcome.reason;
        assert.deepEqual([source, reason, by], ["explicit", "hello", "greeter"]);
        assert.match(message, /"greeter".*hello/);
      },
      { clock },
    );
  });

  scenario("R01: … is one object for all that it reaches, however deep", async ({ clock }) => {
    const seen = new Set<unknown>();
    const look = (scope: Scope): Promise<void> =>
      sleepForever(scope).catch((error: unknown) => {
        seen.add(error).add(scope.reason).add(scope.signal.reason);
        throw error;
      });
    const error = await thrownBy(
      taskGroup(
        async (group) => {
          group.spawn(look);
          group.spawn((scope) => scope.failAfter(1_000, (inner) => inner.group((deep) => void deep.spawn(look))));
          await sleep(1, group);
          group.cancel("hello");
          await look(group);
        },
        { clock },
      ),
    );
    same(seen, [error]);
  });
});

scenario('R02: a deadline is a CancelledError with source "deadline", without a reason, by the scope that had it', async ({ clock }) => {
  await moveOnAfter(
    10,
    async (outer) => {
      const error = await thrownBy(outer.group((group) => sleepForever(group)));
      const { source, reason, by, cause, message } = isA(error, CancelledError);
      assert.deepEqual({ source, reason, by, cause }, { source: "deadline", reason: undefined, by: "slow lookup", cause: undefined });
      assert.match(message, /"slow lookup"/);
    },
    { clock, name: "slow lookup" },
  );
});

describe("G9: the first cause wins, and every CancelledError tells it", () => {
  const E = new Error("E");

  scenario('G9: … a failed task: source "sibling", by the task that failed, its error as the reason', async ({ clock }) => {
    await ending(
      taskGroup(
        async (group) => {
          group.spawn(() => Promise.reject(E), { name: "broken" });
          const { source, by, reason, cause, message } = isA(await thrownBy(sleepForever(group)), CancelledError);
          assert.deepEqual([source, by], ["sibling", "broken"]);
          same([reason, cause], [E, E]);
          assert.match(message, /"broken".*E/);
        },
        { clock },
      ),
    );
  });

  scenario("G9: … a failed body: by the group itself", async ({ clock }) => {
    let reason: unknown;
    await ending(
      taskGroup(
        (group) => {
          group.spawn((scope) => sleepForever(scope).catch((error: unknown) => (reason = error)));
          throw E;
        },
        { clock, name: "the group" },
      ),
    );
    const { source, by, reason: failure } = isA(reason, CancelledError);
    assert.deepEqual([source, by], ["sibling", "the group"]);
    assert.equal(failure, E);
  });

  type Cancel = (group: { cancel(reason: unknown): void; spawn(fn: () => unknown): unknown; reschedule(at: number): void }, abort: () => void) => void;
  const causes: Record<string, Cancel> = {
    explicit: (group) => group.cancel("explicit"),
    sibling: (group) => void group.spawn(() => Promise.reject(E)),
    deadline: (group) => group.reschedule(0),
    signal: (_group, abort) => abort(),
  };
  for (const [first, cancelFirst] of Object.entries(causes)) {
    for (const [second, cancelSecond] of Object.entries(causes)) {
      if (first === second) continue;
      scenario(`G9: … "${first}" before "${second}"`, async ({ clock, outside }) => {
        const outer = outside();
        let sources: unknown[] = [];
        await ending(
          taskGroup(
            async (group) => {
              for (const cancel of [cancelFirst, cancelSecond]) {
                cancel(group, outer.abort);
                await ending(sleep(1, group));
              }
              sources = [group.reason?.source, isA(group.signal.reason, CancelledError).source];
            },
            { clock, signal: outer.signal },
          ),
        );
        assert.deepEqual(sources, [first, first]);
      });
    }
  }
});

describe("R05: a TimeoutError names its scope and the milliseconds", () => {
  scenario("R05: … of failAfter()", async ({ clock }) => {
    const { message, ms, name, cause } = isA(await thrownBy(failAfter(250, sleepForever, { clock, name: "slow lookup" })), TimeoutError);
    assert.match(message, /slow lookup/);
    assert.match(message, /250/);
    assert.equal(ms, 250);
    assert.equal(name, "TimeoutError");
    assert.deepEqual([cause.source, cause.by], ["deadline", "slow lookup"]);
  });

  scenario("R05: … of a shield with a timeout", async ({ clock }) => {
    await taskGroup(
      async (group) => {
        const { message, ms } = isA(await thrownBy(group.shield(sleepForever, { name: "goodbye", timeout: 30 })), TimeoutError);
        assert.match(message, /goodbye/);
        assert.equal(ms, 30);
      },
      { clock },
    );
  });

  scenario("R05: … it is neither a CancelledError nor the platform's abort, but its cause is", async ({ clock }) => {
    const error = isA(await thrownBy(failAfter(1, sleepForever, { clock })), TimeoutError);
    assert.equal(error instanceof CancelledError, false);
    assert.equal(isCancelled(error), false);
    assert.equal(isCancelled(error.cause), true);
  });
});

describe("R06: a CancelledError that is logged keeps source, reason and by", () => {
  const reasons: Record<string, [given: unknown, logged: unknown]> = {
    "a text": ["hello", "hello"],
    "an object": [{ code: 7 }, { code: 7 }],
    "an error": [new RangeError("too far"), { name: "RangeError", message: "too far" }],
    "nothing": [undefined, undefined],
  };
  for (const [what, [given, logged]] of Object.entries(reasons)) {
    scenario(`R06: … as JSON, with ${what} as its reason`, async ({ clock }) => {
      await moveOnAfter(
        Infinity,
        (scope) => {
          scope.cancel(given);
          const { name, code, source, by, reason, message } = JSON.parse(JSON.stringify(scope.reason)) as CancelledError;
          assert.deepEqual({ name, code, source, by }, { name: "AbortError", code: "ABORT_ERR", source: "explicit", by: "greeter" });
          assert.deepEqual(reason, logged);
          assert.equal(message, scope.reason?.message);
        },
        { clock, name: "greeter" },
      );
    });
  }

  const unprintable: Record<string, unknown> = {
    "a symbol": Symbol("s"),
    "an object without a prototype": Object.create(null),
    "an object that throws when it is printed": {
      toString() {
        throw new Error("not printable");
      },
    },
    "a number": 0,
    "null": null,
  };
  for (const [what, reason] of Object.entries(unprintable)) {
    scenario(`R06: … and takes ${what} as its reason, by identity`, async ({ clock }) => {
      await moveOnAfter(
        Infinity,
        (scope) => {
          scope.cancel(reason);
          assert.equal(scope.reason?.reason, reason);
          assert.equal(scope.reason?.cause, reason);
          assert.equal(typeof scope.reason?.message, "string");
        },
        { clock },
      );
    });
  }
});

scenario("a CancelledError is recognised by whatever recognises the platform's abort", async ({ clock }) => {
  await moveOnAfter(
    Infinity,
    (scope) => {
      scope.cancel();
      const error = scope.reason;
      assert.ok(error instanceof Error && error instanceof CancelledError);
      assert.deepEqual([error.name, error.code], ["AbortError", "ABORT_ERR"]);
      assert.match(String(error), /^AbortError: /);
      assert.equal(isCancelled(error), true);
    },
    { clock },
  );
});
