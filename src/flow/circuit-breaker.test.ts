/** `circuitBreaker` in depth: what opens it, what closes it, and what is no proof. */
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { MisuseError, moveOnAfter, type Scope, sleep, suppressed, taskGroup } from "espalier";
import { type CircuitBreaker, circuitBreaker, CircuitOpenError, fixed, retry } from "espalier/flow";
import { explore } from "espalier/testing";
import { ending, gate, isA, same, scenario, thrownBy } from "../../tests/conformance/case.ts";

const E = new Error("E");
const failing = (): Promise<never> => Promise.reject(E);
const fails = async (breaker: CircuitBreaker, scope: Scope): Promise<void> => assert.equal(await thrownBy(breaker.run(failing, scope)), E);
const refuses = async (breaker: CircuitBreaker, scope: Scope): Promise<CircuitOpenError> => isA(await thrownBy(breaker.run(() => assert.fail("called"), scope)), CircuitOpenError);

describe("a circuit breaker opens", () => {
  scenario("after so many failures in a row; what it throws then says why and for how long", async ({ clock }) => {
    await taskGroup(async (group) => {
      const breaker = circuitBreaker({ failures: 2, reset: 100, name: "billing" });
      await fails(breaker, group);
      assert.equal(await breaker.run(() => 1, group), 1);
      await fails(breaker, group);
      await fails(breaker, group);
      await sleep(30, group);
      const refused = await refuses(breaker, group);
      assert.deepEqual([refused.retryAfter, refused.cause, refused.code], [70, E, "CIRCUIT_OPEN"]);
      assert.match(refused.message, /"billing" is open for 70 ms more: 2 calls/);
      assert.deepEqual(breaker.statistics(), { state: "open", failures: 2, running: 0, refused: 1 });
    }, { clock });
  });
  scenario("not for what does not count: a cancellation, a misuse, what `counts` leaves out", async ({ clock }) => {
    await taskGroup(async (group) => {
      const breaker = circuitBreaker({ failures: 1, reset: 100, counts: (error) => error === E });
      await group.moveOnAfter(1, (scope) => breaker.run((own) => sleep(10, own), scope));
      await thrownBy(breaker.run(() => Promise.reject(new MisuseError("EMPTY", "wrong")), group));
      await thrownBy(breaker.run(() => Promise.reject(new Error("404")), group));
      assert.equal(breaker.statistics().state, "closed");
      await fails(breaker, group);
      assert.equal(breaker.statistics().state, "open");
    }, { clock });
  });
});

describe("an open circuit", () => {
  const opened = async (group: Scope): Promise<CircuitBreaker> => {
    const breaker = circuitBreaker({ failures: 1, reset: 100 });
    await fails(breaker, group);
    await sleep(100, group);
    return breaker;
  };
  scenario("lets one call try after its time, and refuses the others meanwhile; its success closes it", async ({ clock }) => {
    await taskGroup(async (group) => {
      const breaker = await opened(group);
      const trial = gate<string>();
      const trying = group.spawn((scope) => breaker.run(() => trial.promise, scope));
      assert.equal((await refuses(breaker, group)).retryAfter, 0);
      trial.open("up");
      assert.equal(await trying.join(group), "up");
      assert.deepEqual(breaker.statistics(), { state: "closed", failures: 0, running: 0, refused: 1 });
    }, { clock });
  });
  scenario("is open for as long again when that fails", async ({ clock }) => {
    await taskGroup(async (group) => {
      const breaker = await opened(group);
      await fails(breaker, group);
      assert.equal((await refuses(breaker, group)).retryAfter, 100);
    }, { clock });
  });
  scenario("lets the next call try when that is cancelled", async ({ clock }) => {
    await taskGroup(async (group) => {
      const breaker = await opened(group);
      await group.moveOnAfter(5, (scope) => breaker.run((own) => sleep(10, own), scope));
      assert.equal(await breaker.run(() => "up", group), "up");
      assert.equal(breaker.statistics().state, "closed");
    }, { clock });
  });
  scenario("lets the next call try when `counts` fails, which hides nothing", async ({ clock }) => {
    await taskGroup(async (group) => {
      const broken = new TypeError("counts");
      const F = new Error("F");
      const counts = (error: unknown): boolean => {
        if (error === F) throw broken;
        return true;
      };
      const breaker = circuitBreaker({ failures: 1, reset: 100, counts });
      await fails(breaker, group);
      await sleep(100, group);
      assert.equal(await thrownBy(breaker.run(() => Promise.reject(F), group)), F);
      same(suppressed(F), [broken]);
      assert.equal(await breaker.run(() => "up", group), "up");
    }, { clock });
  });
  scenario("is not closed, nor opened again, by a call that began before", async ({ clock }) => {
    await taskGroup(async (group) => {
      const breaker = circuitBreaker({ failures: 1, reset: 100 });
      const [well, badly] = [gate<string>(), gate<string>()];
      const tasks = [well, badly].map(({ promise }) => group.spawn((scope) => breaker.run(() => promise, scope).catch(() => "failed")));
      await fails(breaker, group);
      well.open("late");
      await tasks[0]!.join(group);
      assert.equal(breaker.statistics().state, "open");
      await sleep(100, group);
      assert.equal(await breaker.run(() => "up", group), "up");
      badly.fail(new Error("late"));
      await tasks[1]!.join(group);
      assert.equal(breaker.statistics().state, "closed");
    }, { clock });
  });
  scenario("is what retry() can wait for", async ({ clock }) => {
    await taskGroup(async (group) => {
      const breaker = circuitBreaker({ failures: 1, reset: 1_000 });
      let calls = 0;
      const call = (scope: Scope): Promise<string> => breaker.run(() => (++calls === 1 ? failing() : Promise.resolve("up")), scope);
      assert.equal(await retry(call, fixed(1).retryAfter().attempts(3), group), "up");
      assert.deepEqual([calls, group.now()], [2, 1_000]);
    }, { clock });
  });
});

scenario("a circuit breaker calls nothing in a cancelled scope, and refuses bad options", async ({ clock }) => {
  const breaker = circuitBreaker({ failures: 1, reset: 1 });
  await moveOnAfter(0, async (scope) => assert.equal(await thrownBy(breaker.run(() => assert.fail("called"), scope)), scope.reason), { clock });
  assert.throws(() => circuitBreaker({ failures: 0, reset: 1 }), RangeError);
  assert.throws(() => circuitBreaker({ failures: 1, reset: -1 }), RangeError);
  isA(await thrownBy(breaker.run(() => 1, undefined as never)), TypeError);
});

test("explored: no order and no cancellation lets two calls try at a time, or leaves the circuit waiting for nobody", async () => {
  await explore(
    async (group) => {
      const breaker = circuitBreaker({ failures: 1, reset: 0 });
      await thrownBy(breaker.run(failing, group));
      let trying = 0;
      for (let caller = 0; caller < 3; caller++) {
        group.spawn(async (scope) => {
          const trial = breaker.statistics().state !== "closed";
          const end = await ending(
            breaker.run(async (own) => {
              if (trial) assert.equal(++trying, 1);
              try {
                await own.checkpoint();
              } finally {
                if (trial) trying--;
              }
            }, scope),
          );
          if ("error" in end && !(end.error instanceof CircuitOpenError)) throw end.error;
        });
      }
      while (group.size > 0) await group.checkpoint();
      assert.equal(await breaker.run(() => "up", group), "up");
    },
    { faults: ["cancel"], mostFaults: 2, schedules: 1_000, seeds: 300 },
  );
});
