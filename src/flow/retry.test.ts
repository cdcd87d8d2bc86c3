/** `retry` and schedules in depth: the pauses, the limits, who is asked again and who is not. */
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { CancelledError, failAfter, MisuseError, moveOnAfter, type Scope, sleep, suppressed, taskGroup, TimeoutError } from "espalier";
import { type Attempt, CircuitOpenError, delays, exponential, fixed, retry, retryAfter, Schedule } from "espalier/flow";
import { explore } from "espalier/testing";
import { gate, isA, quiet, same, scenario, thrownBy } from "../../tests/conformance/case.ts";

/** Fails so often, then gives the number of the attempt; writes down when each began. */
function flaky(failures: number, begun: number[] = []): (scope: Scope, attempt: number) => Promise<number> {
  return async (scope, attempt) => {
    begun.push(scope.now());
    await sleep(1, scope);
    if (attempt <= failures) throw new Error(`failure ${attempt}`);
    return attempt;
  };
}
const failed = (attempt: number, elapsed = 0, error: unknown = new Error("E")): Attempt => ({ attempt, elapsed, error });
const pauses = (schedule: Schedule, count: number): (number | undefined)[] => Array.from({ length: count }, (_, index) => schedule.pauseAfter(failed(index + 1)));

describe("retry() tries until there is a value", () => {
  scenario("with the pauses of the schedule, by the scope's clock", async ({ clock }) => {
    const begun: number[] = [];
    const value = await failAfter(Infinity, (scope) => retry(flaky(3, begun), exponential(100), scope), { clock });
    assert.equal(value, 4);
    assert.deepEqual(begun, [0, 101, 302, 703]);
  });
  scenario("a value that is there at once costs no pause", async ({ clock }) => {
    assert.equal(await failAfter(Infinity, (scope) => retry(() => 42, fixed(100), scope), { clock }), 42);
    assert.equal(clock.now(), 0);
  });
  scenario("when the schedule gives up, the last failure itself is thrown and carries the earlier ones", async ({ clock }) => {
    const errors = [new Error("1"), new Error("2"), new Error("3")];
    const error = await thrownBy(failAfter(Infinity, (scope) => retry((_, attempt) => Promise.reject(errors[attempt - 1]), fixed(10).attempts(3), scope), { clock }));
    assert.equal(error, errors[2]);
    same(suppressed(error), [errors[0], errors[1]]);
    assert.equal(clock.now(), 20);
  });
  scenario("when the schedule itself fails, that is thrown and carries them all", async ({ clock }) => {
    const errors = [new Error("1"), new Error("2")];
    const broken = new TypeError("onRetry");
    const schedule = fixed(10).onRetry(({ attempt }) => {
      if (attempt === 2) throw broken;
    });
    const error = await thrownBy(failAfter(Infinity, (scope) => retry((_, attempt) => Promise.reject(errors[attempt - 1]), schedule, scope), { clock }));
    assert.equal(error, broken);
    same(suppressed(error), [errors[1], errors[0]]);
  });
  scenario("of a thousand failures the first and the latest are carried", async ({ clock }) => {
    const error = await thrownBy(failAfter(Infinity, (scope) => retry((_, attempt) => Promise.reject(new Error(String(attempt))), fixed(1).attempts(1_000), scope), { clock }));
    assert.equal(isA(error, Error).message, "1000");
    const carried = suppressed(error).map((one) => isA(one, Error).message);
    assert.equal(carried.length, 16);
    assert.deepEqual([carried[0], carried[1], carried.at(-1)], ["1", "985", "999"]);
  });
  scenario("an attempt has ended with all that it opened before the next begins", async ({ clock }) => {
    const steps: string[] = [];
    await failAfter(
      Infinity,
      (scope) =>
        retry(
          async (own, attempt) => {
            steps.push(`attempt ${attempt}`);
            const beside = own.shield((inner) => sleep(50, inner).finally(() => steps.push(`beside ${attempt}`)));
            if (attempt === 1) await Promise.all([beside, Promise.reject(new Error("E"))]);
            await beside;
          },
          fixed(10),
          scope,
        ),
      { clock },
    );
    assert.deepEqual(steps, ["attempt 1", "beside 1", "attempt 2", "beside 2"]);
  });
  scenario("a time limit of each attempt is an ordinary failure", async ({ clock }) => {
    const value = await failAfter(
      Infinity,
      (scope) => retry((own, attempt) => own.failAfter(100, (inner) => sleep(attempt === 3 ? 10 : 1_000, inner).then(() => attempt)), fixed(5), scope),
      { clock },
    );
    assert.equal(value, 3);
    assert.equal(clock.now(), 220);
  });
});

describe("retry() lets a cancellation pass", () => {
  scenario("an attempt is interrupted, and none follows", async ({ clock }) => {
    let attempts = 0;
    const error = await thrownBy(
      failAfter(
        100,
        (scope) =>
          retry(
            (own) => {
              attempts++;
              return sleep(1_000, own);
            },
            fixed(1),
            scope,
          ),
        { clock },
      ),
    );
    isA(error, TimeoutError);
    assert.equal(attempts, 1);
    assert.equal(clock.now(), 100);
  });
  scenario("a pause ends at once", async ({ clock }) => {
    const gone = await moveOnAfter(100, (scope) => retry(flaky(9), fixed(1_000), scope), { clock, fallback: "gone" });
    assert.equal(gone, "gone");
    assert.equal(clock.now(), 100);
  });
  scenario("in a cancelled scope the function is not called", async ({ clock }) => {
    let called = false;
    await moveOnAfter(0, async (scope) => {
      const error = await thrownBy(retry(() => void (called = true), fixed(1), scope));
      assert.equal(error, scope.reason);
    }, { clock });
    assert.equal(called, false);
  });
  scenario("an attempt that fails while it is interrupted is the failure", async ({ clock }) => {
    const E = new Error("in the cleanup");
    const error = await thrownBy(failAfter(10, (scope) => retry((own) => sleep(1_000, own).catch(() => Promise.reject(E)), fixed(1), scope), { clock }));
    assert.equal(error, E);
  });
  scenario("of another scope, too: nobody retries what somebody cancelled", async ({ clock }) => {
    let attempts = 0;
    await taskGroup(async (group) => {
      const other = group.spawn((scope) => sleep(1_000, scope));
      other.cancel("not wanted");
      const error = await thrownBy(retry((own) => (attempts++, other.join(own)), fixed(1), group));
      isA(error, CancelledError);
    }, { clock });
    assert.equal(attempts, 1);
  });
  scenario("a misuse is not repeated", async ({ clock }) => {
    let attempts = 0;
    const misuse = new MisuseError("EMPTY", "wrong");
    const error = await thrownBy(failAfter(Infinity, (scope) => retry(() => (attempts++, Promise.reject(misuse)), fixed(1), scope), { clock }));
    assert.equal(error, misuse);
    assert.equal(attempts, 1);
  });
});

describe("a schedule", () => {
  test("exponential() grows up to its longest pause", () => {
    assert.deepEqual(pauses(exponential(100, { max: 500 }), 5), [100, 200, 400, 500, 500]);
    assert.deepEqual(pauses(exponential(1, { factor: 10 }), 3), [1, 10, 100]);
    assert.equal(exponential(0).pauseAfter(failed(5_000)), 0);
  });
  test("delays() ends with its list", () => assert.deepEqual(pauses(delays([5, 7]), 3), [5, 7, undefined]));
  test("attempts() counts the first one", () => assert.deepEqual(pauses(fixed(1).attempts(3), 4), [1, 1, undefined, undefined]));
  test("within() lets no attempt begin later than that", () => {
    const schedule = fixed(100).within(250);
    assert.equal(schedule.pauseAfter(failed(1, 150)), 100);
    assert.equal(schedule.pauseAfter(failed(1, 151)), undefined);
  });
  test("when() ends the attempts with an error that is not retried", () => {
    const schedule = fixed(1).when((error) => error instanceof TypeError);
    assert.equal(schedule.pauseAfter(failed(1, 0, new TypeError("E"))), 1);
    assert.equal(schedule.pauseAfter(failed(1)), undefined);
  });
  test("jitter() takes away up to its part of each pause", () => {
    assert.deepEqual([0, 0.5, 1].map((chance) => fixed(100).jitter(1, () => chance).pauseAfter(failed(1))), [100, 50, 0]);
    assert.deepEqual([0, 0.5, 1].map((chance) => fixed(100).jitter(0.5, () => chance).pauseAfter(failed(1))), [100, 75, 50]);
    const by = fixed(100).jitter().pauseAfter(failed(1))!;
    assert.ok(by > 0 && by <= 100);
  });
  test("retryAfter() waits for at least what the error asks for, and gives up where that is too long", () => {
    const busy = (value: string): Attempt => failed(1, 0, { headers: { "Retry-After": value } });
    assert.equal(fixed(100).retryAfter().pauseAfter(busy("3")), 3_000);
    assert.equal(fixed(9_000).retryAfter().pauseAfter(busy("3")), 9_000);
    assert.equal(fixed(100).retryAfter({ max: 2_000 }).pauseAfter(busy("3")), undefined);
    assert.equal(fixed(100).retryAfter({ read: () => 555 }).pauseAfter(failed(1)), 555);
    assert.equal(fixed(100).attempts(1).retryAfter().pauseAfter(busy("3")), undefined);
  });
  test("onRetry() is told of each failure that is followed by another attempt", () => {
    const told: unknown[] = [];
    const schedule = delays([5]).onRetry(({ attempt }, pause) => told.push([attempt, pause]));
    pauses(schedule, 2);
    assert.deepEqual(told, [[1, 5]]);
  });
  test("a rule of one's own has to give a number", () => {
    assert.equal(new Schedule(({ attempt }) => attempt * 10).pauseAfter(failed(3)), 30);
    assert.throws(() => new Schedule(() => Number.NaN).pauseAfter(failed(1)), RangeError);
  });
});

describe("retryAfter() reads", () => {
  const headers = (init: Record<string, string>): Headers => new Headers(init);
  test("seconds", () => assert.equal(retryAfter({ headers: headers({ "retry-after": "120" }) }), 120_000));
  test("a date, compared with the date of the answer", () => {
    const answer = { headers: headers({ "retry-after": "Wed, 21 Oct 2026 07:28:10 GMT", date: "Wed, 21 Oct 2026 07:28:00 GMT" }) };
    assert.equal(retryAfter(answer), 10_000);
  });
  test("a date that has passed as now", () => assert.equal(retryAfter({ headers: { "retry-after": "Wed, 21 Oct 2015 07:28:10 GMT" } }), 0));
  test("the headers of a response that hangs on the error, as Node.js has them", () => assert.equal(retryAfter({ response: { headers: { "retry-after": 7 } } }), 7_000));
  test("what a circuit breaker says", () => assert.equal(retryAfter(new CircuitOpenError("open", 250, undefined)), 250));
  for (const nothing of [undefined, null, "text", new Error("E"), { headers: null }, { headers: { "retry-after": "soon" } }, { response: null }]) {
    test(`nothing in ${JSON.stringify(nothing) ?? "undefined"}`, () => assert.equal(retryAfter(nothing), undefined));
  }
});

describe("retry() refuses", () => {
  scenario("what is no function, no schedule, no scope", async () => {
    await taskGroup(async (group) => {
      isA(await thrownBy(retry(Promise.resolve() as never, fixed(1), group)), TypeError);
      isA(await thrownBy(retry(() => 1, 3 as never, group)), TypeError);
      isA(await thrownBy(retry(() => 1, fixed(1), undefined as never)), TypeError);
    });
    for (const make of [() => fixed(-1), () => fixed(Number.NaN), () => exponential(1, { factor: 0 }), () => fixed(1).attempts(0), () => fixed(1).within(-1), () => fixed(1).jitter(2), () => delays([-1])]) {
      assert.throws(make, RangeError);
    }
  });
  scenario("an ended scope, without a call", async () => {
    const kept = await taskGroup((group): Scope => group);
    assert.equal(isA(await thrownBy(retry(() => assert.fail("called"), fixed(1), kept)), MisuseError).code, "SCOPE_ENDED");
  });
});

test("explored: no order and no cancellation makes two attempts run at once, or one begin in a cancelled scope", async () => {
  await explore(
    async (group) => {
      group.spawn(async (scope) => {
        let running = 0;
        const attempt = async (own: Scope, number: number): Promise<number> => {
          assert.equal(scope.cancelled, false);
          assert.equal(++running, 1);
          try {
            await own.checkpoint();
            await own.all([(inner) => inner.checkpoint(), () => (number < 3 ? Promise.reject(new Error("again")) : undefined)]);
            return number;
          } finally {
            running--;
          }
        };
        try {
          assert.equal(await retry(attempt, fixed(10), scope), 3);
        } catch (error) {
          // An attempt that fails as it is cancelled is the failure (G7).
          if (!scope.cancelled) throw error;
        }
      });
    },
    { faults: ["cancel"], schedules: 500, seeds: 100 },
  );
});

test("a foreign promise in an attempt delays the cancellation, and is not left behind", async () => {
  const slow = gate();
  let ended = false;
  const call = moveOnAfter(0, (scope) => scope.shield((own) => retry(() => slow.promise, fixed(1), own))).then(() => (ended = true));
  await quiet();
  assert.equal(ended, false);
  slow.open();
  await call;
});
