/** G6: what counts as a scope's cancellation, in whatever it is wrapped, and what stays of the wrap. */
import assert from "node:assert/strict";
import { describe } from "node:test";
import {
  CancelledError,
  type CancelScope,
  failAfter,
  leaves,
  moveOnAfter,
  type Scope,
  sleep,
  sleepForever,
  TaskGroupError,
  taskGroup,
  TimeoutError,
} from "espalier";
import { type Given, isA, same, scenario, thrownBy } from "../case.ts";

const E = new Error("E");
const F = new Error("F");

const abortError = (...options: [ErrorOptions?]): Error => Object.assign(new Error("The operation was aborted", ...options), { name: "AbortError", code: "ABORT_ERR" });

/** What is nothing but the cancellation `c`. */
const cancellations: Record<string, (c: unknown) => unknown> = {
  "the CancelledError itself": (c) => c,
  "an abort error with it as cause": (c) => abortError({ cause: c }),
  "an abort error of the platform without a cause": () => abortError(),
  "an abort error whose cause is undefined": () => abortError({ cause: undefined }),
  "a DOMException named AbortError": () => new DOMException("aborted", "AbortError"),
  "the default reason of abort()": () => AbortSignal.abort().reason as unknown,
  "an AggregateError of it": (c) => new AggregateError([c]),
  "an AggregateError of it, twice and as an abort error": (c) => new AggregateError([c, c, abortError({ cause: c }), abortError()]),
  "a TaskGroupError of it": (c) => new TaskGroupError([c]),
  "an AggregateError of an AggregateError of it": (c) => new AggregateError([new AggregateError([c]), c]),
  "a SuppressedError of it": (c) => new SuppressedError(c, c),
  "a SuppressedError of it and an abort error": (c) => new SuppressedError(abortError(), c),
  "a SuppressedError in an AggregateError": (c) => new AggregateError([new SuppressedError(c, new AggregateError([c]))]),
};

/** What a body that throws it gives when the body's scope is cancelled, for every call that can be cancelled. */
const cut: Record<string, (clock: Given["clock"], make: (c: unknown) => unknown) => Promise<void>> = {
  async "moveOnAfter() gives the fallback"(clock, make) {
    const value = await moveOnAfter(
      Infinity,
      (scope) => {
        scope.cancel();
        throw make(scope.reason);
      },
      { clock, fallback: "fallback" },
    );
    assert.equal(value, "fallback");
  },
  async "failAfter() throws the TimeoutError"(clock, make) {
    await taskGroup(
      async (group) => {
        const error = await thrownBy(
          group.failAfter(0, (scope) => {
            throw make(scope.reason);
          }),
        );
        assert.equal(isA(error, TimeoutError).cause.source, "deadline");
      },
      { clock },
    );
  },
  async "a group whose body it interrupted rejects with the CancelledError"(clock, make) {
    let reason: unknown;
    const error = await thrownBy(
      taskGroup(
        (group) => {
          group.cancel();
          reason = group.reason;
          throw make(reason);
        },
        { clock },
      ),
    );
    assert.equal(error, isA(reason, CancelledError));
  },
  async "a task is cancelled, and tells the CancelledError"(clock, make) {
    const task = await taskGroup(
      (group) => {
        group.cancel();
        return group.spawn((scope) => Promise.reject(make(scope.reason)));
      },
      { clock },
    );
    assert.ok(task.outcome?.status === "cancelled");
    assert.equal(task.outcome.reason.source, "explicit");
  },
  async "an outer scope absorbs what comes through an inner call"(clock, make) {
    const value = await moveOnAfter(
      Infinity,
      (outer) => {
        outer.cancel();
        return outer.failAfter(1_000, (scope) => Promise.reject(make(scope.reason)));
      },
      { clock, fallback: "fallback" },
    );
    assert.equal(value, "fallback");
  },
};

for (const [call, holds] of Object.entries(cut)) {
  describe(`G6: ${call}`, () => {
    for (const [what, make] of Object.entries(cancellations)) scenario(`G6: ${call}: ${what}`, ({ clock }) => holds(clock, make));
  });
}

describe("G6: what the platform makes of the scope's signal", () => {
  const derived: Record<string, (scope: Scope) => AbortSignal> = {
    "AbortSignal.any() of it and another": ({ signal }) => AbortSignal.any([signal, new AbortController().signal]),
    "the signal of a Request that was made with it": ({ signal }) => new Request("http://localhost/", { signal }).signal,
  };
  for (const [what, derive] of Object.entries(derived)) {
    scenario(`G6: a root and an operation under ${what} are interrupted with the scope, which absorbs what they throw`, async ({ clock }) => {
      const calls: ((signal: AbortSignal) => Promise<unknown>)[] = [
        (signal) => taskGroup((group) => sleepForever(group), { signal, clock }),
        (signal) => failAfter(1_000, (inner) => inner.group((group) => void group.spawn(sleepForever)), { signal, clock }),
        (signal) => sleep(1_000, { signal }),
      ];
      for (const call of calls) {
        const value = await moveOnAfter(
          Infinity,
          (scope) => {
            const wait = call(derive(scope));
            scope.cancel();
            return wait;
          },
          { clock, fallback: "absorbed" },
        );
        assert.equal(value, "absorbed");
      }
    });
  }
});

describe("G6: where the scope is not cancelled, each of them is an ordinary error and stays the object it was", () => {
  for (const [what, make] of Object.entries(cancellations)) {
    scenario(`G6: not cancelled: ${what}`, async ({ clock }) => {
      const thrown = make(new CancelledError("explicit", "somebody else"));
      const body = (): Promise<never> => Promise.reject(thrown);
      assert.equal(await thrownBy(moveOnAfter(10, body, { clock, fallback: "fallback" })), thrown);
      same(isA(await thrownBy(taskGroup(body, { clock })), TaskGroupError).errors, [thrown]);
      same(isA(await thrownBy(taskGroup((group) => void group.spawn(body), { clock })), TaskGroupError).errors, [thrown]);
      // An inner scope that was cancelled and has been left does not count either.
      const outer = moveOnAfter(
        Infinity,
        async (scope) => {
          await scope.moveOnAfter(Infinity, (inner) => (inner.cancel(), inner.checkpoint()));
          throw thrown;
        },
        { clock, fallback: "fallback" },
      );
      assert.equal(await thrownBy(outer), thrown);
    });
  }
});

/** The failure that is left when a cancelled scope's body throws `make(its CancelledError)`. */
async function leftOf(clock: Given["clock"], make: (c: unknown, scope: Scope) => unknown): Promise<unknown> {
  return thrownBy(
    moveOnAfter(
      Infinity,
      (scope: CancelScope) => {
        scope.cancel();
        throw make(scope.reason, scope);
      },
      { clock, fallback: "fallback" },
    ),
  );
}

describe("G6: a wrap that also holds something else is rebuilt without the cancellation", () => {
  const cause = new Error("cause");
  const wraps: Record<string, (c: unknown) => AggregateError> = {
    "an AggregateError": (c) => new AggregateError([c, E, abortError(), F], "wrapped"),
    "an AggregateError with a cause": (c) => new AggregateError([E, c, F], "wrapped", { cause }),
    "a TaskGroupError": (c) => new TaskGroupError([E, F, c], "wrapped"),
  };
  for (const [what, make] of Object.entries(wraps)) {
    scenario(`G6: ${what} keeps its kind, message and cause, and the other errors in order`, async ({ clock }) => {
      let thrown: AggregateError | undefined;
      const left = isA(await leftOf(clock, (c) => (thrown = make(c))), AggregateError);
      same(left.errors, [E, F]);
      assert.equal(left.message, "wrapped");
      assert.deepEqual(["cause" in left, left.cause], ["cause" in thrown!, thrown!.cause]);
      assert.equal(left instanceof TaskGroupError, thrown instanceof TaskGroupError);
      assert.notEqual(left, thrown);
      assert.ok(thrown!.errors.length > 2, "what the user threw is not changed");
    });
  }

  scenario("G6: inner wraps are rebuilt where the cancellation was in them, and stay the objects they were where not", async ({ clock }) => {
    const untouched = new AggregateError([F], "untouched");
    const left = isA(await leftOf(clock, (c) => new AggregateError([new AggregateError([c, E], "inner"), untouched], "outer")), AggregateError);
    const [inner, other] = left.errors as unknown[];
    assert.equal(left.message, "outer");
    assert.equal(isA(inner, AggregateError).message, "inner");
    same(isA(inner, AggregateError).errors, [E]);
    assert.equal(other, untouched);
  });

  scenario("G6: a value undefined that was thrown beside the cancellation is kept", async ({ clock }) => {
    same(isA(await leftOf(clock, (c) => new AggregateError([undefined, c])), AggregateError).errors, [undefined]);
  });

  for (const [what, make] of [
    ["its error", (c: unknown) => new SuppressedError(c, E, "wrapped")],
    ["what it suppressed", (c: unknown) => new SuppressedError(E, c, "wrapped")],
  ] as const) {
    scenario(`G6: a SuppressedError that has the cancellation as ${what} leaves the other`, async ({ clock }) => {
      same(leaves(await leftOf(clock, make)), [E]);
    });
  }

  scenario("G6: a SuppressedError with the cancellation in an inner wrap keeps its message and both sides", async ({ clock }) => {
    const left = isA(await leftOf(clock, (c) => new SuppressedError(E, new AggregateError([c, F]), "wrapped")), SuppressedError);
    assert.equal(left.message, "wrapped");
    assert.equal(left.error, E);
    same(isA(left.suppressed, AggregateError).errors, [F]);
  });

  scenario("G6: a task that wrapped its interruption and a failure fails with the failure", async ({ clock }) => {
    const error = await thrownBy(
      taskGroup(
        (group) => {
          group.cancel();
          group.spawn((scope) => Promise.reject(new AggregateError([scope.reason, E], "wrapped")));
        },
        { clock },
      ),
    );
    const [left] = isA(error, TaskGroupError).errors as unknown[];
    same(isA(left, AggregateError).errors, [E]);
  });
});

describe("G6: in a cancelled scope, what holds no cancellation of it stays the very object it was", () => {
  const ordinary: Record<string, (c: unknown) => unknown> = {
    "an error": () => E,
    "an AggregateError of others": () => new AggregateError([E, new AggregateError([F])]),
    "an empty AggregateError": () => new AggregateError([]),
    "a TaskGroupError of others": () => new TaskGroupError([E]),
    "a SuppressedError of others": () => new SuppressedError(E, F),
    "an abort error with another cause": () => abortError({ cause: E }),
    "an AggregateError of such an abort error": () => new AggregateError([abortError({ cause: E })]),
    "another CancelledError": () => new CancelledError("explicit", "somebody else"),
    "an AggregateError of another CancelledError": () => new AggregateError([new CancelledError("explicit", "somebody else")]),
    "an error that is no abort error, with the CancelledError as cause": (c) => new Error("failed", { cause: c }),
    "the platform's TimeoutError": () => new DOMException("timed out", "TimeoutError"),
    undefined: () => undefined,
    null: () => null,
    "a string": () => "AbortError",
  };
  for (const [what, make] of Object.entries(ordinary)) {
    scenario(`G6: cancelled: ${what} is thrown`, async ({ clock }) => {
      let thrown: unknown;
      const left = await leftOf(clock, (c) => (thrown = make(c)));
      assert.ok(Object.is(left, thrown));
    });
  }
});

describe("G6: aggregates that are hard to look through are ordinary errors", () => {
  const circular = new AggregateError([E]);
  circular.errors.push(circular);
  const broken = Object.assign(new AggregateError([]), { errors: undefined });
  let deep: unknown = E;
  for (let n = 0; n < 20_000; n++) deep = new AggregateError([deep]);

  for (const [what, thrown] of Object.entries({ "one that holds itself": circular, "one without a list": broken, "20,000 deep": deep })) {
    scenario(`G6: an AggregateError, ${what}, is thrown as it is`, async ({ clock }) => {
      const error = await thrownBy(
        moveOnAfter(
          Infinity,
          (scope) => {
            scope.cancel();
            throw thrown;
          },
          { clock, fallback: "fallback" },
        ),
      );
      assert.equal(error, thrown);
    });
    scenario(`G6: an AggregateError, ${what},, thrown by a task does not hang its group`, async ({ clock }) => {
      const error = await thrownBy(
        taskGroup(
          (group) => {
            group.cancel();
            group.spawn(() => Promise.reject(thrown));
          },
          { clock },
        ),
      );
      same(isA(error, TaskGroupError).errors, [thrown]);
    });
  }
});

describe("G6: the same cancellation in many wraps", () => {
  for (const [what, make] of [
    [
      "the same wrap again and again",
      (c: unknown) => {
        const wrap = new AggregateError([c]);
        return new AggregateError([wrap, wrap, new SuppressedError(wrap, wrap)]);
      },
    ],
    ["2,000 wraps side by side", (c: unknown) => new AggregateError(Array.from({ length: 2_000 }, () => new AggregateError([c])))],
  ] as const) {
    scenario(`G6: an AggregateError of ${what} is nothing but the cancellation`, async ({ clock }) => {
      const value = await moveOnAfter(
        Infinity,
        (scope) => {
          scope.cancel();
          throw make(scope.reason);
        },
        { clock, fallback: "fallback" },
      );
      assert.equal(value, "fallback");
    });
  }
});
