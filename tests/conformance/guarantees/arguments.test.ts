/** G21: what a call says of arguments that cannot be meant, and how it says it. */
import assert from "node:assert/strict";
import { describe } from "node:test";
import {
  all,
  allSettled,
  any,
  failAfter,
  map,
  MisuseError,
  moveOnAfter,
  race,
  type Scope,
  sleep,
  sleepForever,
  sleepUntil,
  type TaskGroup,
  TaskGroupError,
  taskGroup,
} from "espalier";
import { park } from "espalier/lowlevel";
import { isA, same, scenario, thrownBy } from "../case.ts";

type Call = (group: TaskGroup, wrong: never) => unknown;

/** Calls that take a function where `wrong` stands. Those that return a promise reject. */
const takeFunctions: Record<string, Call> = {
  "taskGroup()": (_, wrong) => taskGroup(wrong),
  "failAfter()": (_, wrong) => failAfter(1, wrong),
  "moveOnAfter()": (_, wrong) => moveOnAfter(1, wrong),
  "all()": (_, wrong) => all([wrong]),
  "allSettled()": (_, wrong) => allSettled([wrong]),
  "race()": (_, wrong) => race([wrong]),
  "any()": (_, wrong) => any([wrong]),
  "map()": (_, wrong) => map([1], wrong),
  "scope.group()": (group, wrong) => group.group(wrong),
  "scope.failAfter()": (group, wrong) => group.failAfter(1, wrong),
  "scope.moveOnAfter()": (group, wrong) => group.moveOnAfter(1, wrong),
  "scope.shield()": (group, wrong) => group.shield(wrong),
  "scope.all()": (group, wrong) => group.all([wrong]),
  "scope.allSettled()": (group, wrong) => group.allSettled([wrong]),
  "scope.race()": (group, wrong) => group.race([wrong]),
  "scope.any()": (group, wrong) => group.any([wrong]),
  "scope.map()": (group, wrong) => group.map([1], wrong),
  "group.start()": (group, wrong) => group.start(wrong, group),
};
const takeFunctionsAndThrow: Record<string, Call> = {
  "group.spawn()": (group, wrong) => group.spawn(wrong),
  "group.trySpawn()": (group, wrong) => group.trySpawn(wrong),
  "scope.onCancel()": (group, wrong) => group.onCancel(wrong),
  "scope.defer()": (group, wrong) => group.defer(wrong),
};

describe("G21: not a function is a TypeError", () => {
  for (const wrong of [undefined, null, 1, "text", {}, [], Promise.resolve()]) {
    const shown = wrong instanceof Promise ? "a promise" : JSON.stringify(wrong);
    scenario(`G21: ${shown}: calls that return a promise reject, the others throw, and the group goes on`, async ({ clock }) => {
      const value = await taskGroup(
        async (group) => {
          for (const [name, call] of Object.entries(takeFunctions)) {
            const promise = call(group, wrong as never);
            assert.ok(promise instanceof Promise, `${name} throws instead of rejecting`);
            isA(await thrownBy(promise), TypeError);
          }
          for (const call of Object.values(takeFunctionsAndThrow)) assert.throws(() => call(group, wrong as never), TypeError);
          assert.equal(group.size, 0);
          await sleep(1, group);
          return "fine";
        },
        { clock },
      );
      assert.equal(value, "fine");
    });
  }

  scenario("G21: one wrong function of several means that none is called", async () => {
    const fails = (): never => assert.fail("called");
    for (const call of [all, allSettled, race, any] as ((functions: (() => never)[]) => Promise<unknown>)[]) {
      isA(await thrownBy(call([fails, "wrong" as never, fails])), TypeError);
    }
  });
});

/** Calls that take milliseconds, or a moment, where `wrong` stands. */
const takeTimes: Record<string, (group: TaskGroup, wrong: number) => unknown> = {
  "failAfter()": (_, wrong) => failAfter(wrong, () => assert.fail("called")),
  "moveOnAfter()": (_, wrong) => moveOnAfter(wrong, () => assert.fail("called")),
  "scope.failAfter()": (group, wrong) => group.failAfter(wrong, () => assert.fail("called")),
  "scope.moveOnAfter()": (group, wrong) => group.moveOnAfter(wrong, () => assert.fail("called")),
  "scope.shield()": (group, wrong) => group.shield(() => assert.fail("called"), { timeout: wrong }),
  "sleep()": (group, wrong) => sleep(wrong, group),
  "sleepUntil()": (group, wrong) => sleepUntil(wrong, group),
  "taskGroup() as concurrency": (_, wrong) => taskGroup(() => assert.fail("called"), { concurrency: wrong }),
  "scope.group() as concurrency": (group, wrong) => group.group(() => assert.fail("called"), { concurrency: wrong }),
  "map() as concurrency": (group, wrong) => group.map([1], () => assert.fail("called"), { concurrency: wrong }),
};

describe("G21: NaN is a RangeError", () => {
  for (const [name, call] of Object.entries(takeTimes)) {
    scenario(`G21: given to ${name}, which rejects and calls nothing`, async ({ clock }) => {
      await taskGroup(
        async (group) => {
          const promise = call(group, NaN);
          assert.ok(promise instanceof Promise);
          isA(await thrownBy(promise), RangeError);
        },
        { clock },
      );
    });
  }

  scenario("G21: given to reschedule() and defer(), which throw and change nothing", async ({ clock }) => {
    await failAfter(
      100,
      (scope) => {
        assert.throws(() => scope.reschedule(NaN), RangeError);
        assert.equal(scope.deadline, 100);
        assert.throws(() => scope.defer(() => assert.fail("called"), { timeout: NaN }), RangeError);
      },
      { clock },
    );
  });
});

describe("G21: a zero or negative delay has expired already", () => {
  const opened: Record<string, (scope: Scope, ms: number, body: (scope: Scope) => unknown) => Promise<unknown>> = {
    "scope.failAfter()": (scope, ms, body) => scope.failAfter(ms, body),
    "scope.moveOnAfter()": (scope, ms, body) => scope.moveOnAfter(ms, body),
    "scope.shield()": (scope, ms, body) => scope.shield(body, { timeout: ms }),
    "failAfter()": (scope, ms, body) => failAfter(ms, body, scope),
    "moveOnAfter()": (scope, ms, body) => moveOnAfter(ms, body, scope),
  };
  for (const [name, open] of Object.entries(opened)) {
    for (const ms of [0, -0, -1, -Infinity, Number.MIN_SAFE_INTEGER]) {
      scenario(`G21: ${name} with ${Object.is(ms, -0) ? "-0" : ms}: the body starts, its deadline reads -Infinity, its first wait throws`, async ({ clock }) => {
        await taskGroup(
          async (group) => {
            const seen: unknown[] = [];
            await open(group, ms, async (scope) => {
              seen.push(scope.deadline, scope.cancelled, scope.signal.aborted, scope.reason?.source);
              await scope.checkpoint().finally(() => seen.push("thrown"));
            }).catch(() => {});
            assert.deepEqual(seen, [-Infinity, true, true, "deadline", "thrown"]);
            assert.equal(await open(group, ms, () => "a value without a wait"), "a value without a wait");
            assert.equal(clock.now(), 0);
          },
          { clock },
        );
      });
    }
  }

  scenario("G21: a sleep of zero or less yields and ends well", async ({ clock }) => {
    await taskGroup(
      async (group) => {
        for (const ms of [0, -0, -1, -Infinity]) await sleep(ms, group);
        for (const moment of [0, -1, -Infinity]) await sleepUntil(moment, group);
        assert.equal(clock.now(), 0);
      },
      { clock },
    );
  });
});

describe("G21: nothing to choose from", () => {
  scenario('G21: race([]) is a MisuseError "EMPTY"', async () => {
    assert.equal(isA(await thrownBy(race([])), MisuseError).code, "EMPTY");
    await taskGroup(async (group) => {
      assert.equal(isA(await thrownBy(group.race([])), MisuseError).code, "EMPTY");
    });
  });

  scenario("G21: any([]) is a TaskGroupError without errors", async () => {
    same(isA(await thrownBy(any([])), TaskGroupError).errors, []);
    await taskGroup(async (group) => same(isA(await thrownBy(group.any([])), TaskGroupError).errors, []));
  });

  scenario("G21: all([]), allSettled([]) and map([]) give an empty list", async () => {
    assert.deepEqual([await all([]), await allSettled([]), await map([], () => assert.fail("called"))], [[], [], []]);
  });
});

describe("G21: a cancelled scope's deadline reads -Infinity", () => {
  scenario("G21: the scope's and those of all below it, in shields their own", async ({ clock }) => {
    await moveOnAfter(
      100,
      (outer) =>
        outer.failAfter(50, async (inner) => {
          await inner.shield(
            async (shield) => {
              outer.cancel();
              assert.deepEqual([outer.deadline, inner.deadline, shield.deadline], [-Infinity, -Infinity, 70]);
            },
            { timeout: 70 },
          );
          await inner.group((group) => assert.equal(group.deadline, -Infinity));
        }),
      { clock },
    );
  });
});

describe("what waits says when the scope was forgotten", () => {
  for (const wrong of [undefined, null, {}, { signal: undefined }, { signal: "signal" }, 5]) {
    scenario(`${JSON.stringify(wrong)} in place of the scope is a TypeError, as a rejection`, async () => {
      const scope = wrong as never;
      const calls = [sleep(1, scope), sleepForever(scope), sleepUntil(1, scope), park(scope, "bell", () => assert.fail("called"))];
      for (const call of calls) isA(await thrownBy(call), TypeError);
      await taskGroup(async (group) => {
        isA(await thrownBy(group.vacancy(scope)), TypeError);
        isA(await thrownBy(group.start(() => assert.fail("called"), scope)), TypeError);
        const task = group.spawn(() => "value");
        // join and settled may go without a scope; what is no scope is wrong all the same.
        if (wrong !== undefined) for (const call of [task.join(scope), task.settled(scope)]) isA(await thrownBy(call), TypeError);
      });
    });
  }

  for (const wrong of ["signal", 5, {}]) {
    scenario(`${JSON.stringify(wrong)} as options.signal is a TypeError, as a rejection`, async () => {
      const options = { signal: wrong as never };
      const fails = (): never => assert.fail("called");
      for (const call of [taskGroup(fails, options), failAfter(1, fails, options), moveOnAfter(1, fails, options), all([fails], options)]) {
        isA(await thrownBy(call), TypeError);
      }
    });
  }
});

describe("every option is also accepted as undefined", () => {
  scenario("undefined options and options that are undefined change nothing", async ({ clock }) => {
    const nothing = { name: undefined, signal: undefined, errors: undefined, onError: undefined, concurrency: undefined, fallback: undefined, discard: undefined, timeout: undefined };
    const value = (): string => "value";
    for (const options of [undefined, { ...nothing, clock: undefined }, { ...nothing, clock }]) {
      assert.equal(await taskGroup(value, options), "value");
      assert.equal(await failAfter(100, value, options), "value");
      assert.equal(await moveOnAfter(100, value, options), "value");
      assert.equal(await moveOnAfter(0, (scope) => scope.checkpoint(), options), undefined);
      assert.deepEqual(await all([value], options), ["value"]);
      assert.deepEqual(await allSettled([value], options), [{ status: "fulfilled", value: "value" }]);
      assert.equal(await race([value], options), "value");
      assert.equal(await any([value], options), "value");
      assert.deepEqual(await map([1], value, options), ["value"]);
    }
    await taskGroup(async (group) => {
      const task = { name: undefined, daemon: undefined };
      for (const [options, taskOptions] of [
        [undefined, undefined],
        [nothing, task],
      ] as const) {
        assert.equal(await group.group(value, options), "value");
        assert.equal(await group.failAfter(100, value, options), "value");
        assert.equal(await group.moveOnAfter(100, value, options), "value");
        assert.equal(await group.shield(value, options), "value");
        assert.equal(await group.race([value], options), "value");
        assert.equal(await group.any([value], options), "value");
        assert.deepEqual(await group.map([1], value, options), ["value"]);
        group.defer(() => {}, options);
        const spawned = group.spawn(value, taskOptions);
        assert.equal(spawned.name, "value");
        assert.equal(await spawned.join(undefined), "value");
        assert.equal(group.trySpawn(value, taskOptions)?.name, "value");
        const started = await group.start((_, tell: (word: string) => void) => tell("started"), group, taskOptions);
        assert.equal(started.started, "started");
      }
    });
  });
});
