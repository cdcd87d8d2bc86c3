/** What is special beside Effect: Cause, uninterruptible regions, references, the clock. (The rest: styles.test.ts.) */
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { Cause, Context, Effect, Exit, Fiber } from "effect";
import { all, CancelledError, failAfter, MisuseError, moveOnAfter, type Scope, sleep, sleepForever, TaskGroupError, taskGroup } from "espalier";
import { asEffect, cancellationOf, causeOf, errorOf, runEffect } from "espalier/effect";
import { clockOf } from "espalier/lowlevel";
import { testClock } from "espalier/testing";

const told = (cause: Cause.Cause<unknown>): unknown[] =>
  cause.reasons.map((reason) => (Cause.isFailReason(reason) ? ["fail", reason.error] : Cause.isDieReason(reason) ? ["die", reason.defect] : "interrupt"));
const [a, b, c] = [new Error("a"), new Error("b"), new Error("c")];

describe("causeOf()", () => {
  test("causeOf() has a failure for each one in nested groups, in order, each object once", () => {
    assert.deepEqual(told(causeOf(new TaskGroupError([a, new TaskGroupError([b, a]), c]))), [["fail", a], ["fail", b], ["fail", c]]);
  });

  test("causeOf() has what was suppressed beside the first failure", async () => {
    const thrown: unknown = await all([() => Promise.reject(new Error("first")), () => Promise.reject(b)]).catch((error: unknown) => error);
    assert.deepEqual(told(causeOf(thrown)), [["fail", thrown], ["fail", b]]);
  });

  test("causeOf() leaves an aggregate of the user, and a group of nothing, whole", () => {
    for (const whole of [new AggregateError([a, b]), new TaskGroupError([]), undefined, "text"]) assert.deepEqual(told(causeOf(whole)), [["fail", whole]]);
  });

  test("causeOf() takes a misuse for a defect, and asks nobody what it means", () => {
    const misuse = new MisuseError("EMPTY", "nothing to race");
    assert.deepEqual(told(causeOf(misuse, () => assert.fail())), [["die", misuse]]);
  });

  test("causeOf() asks for each failure what it means, and takes what is thrown then for a defect", () => {
    const expected = (error: unknown): string => {
      if (error === b) throw error;
      return String(error);
    };
    assert.deepEqual(told(causeOf(new TaskGroupError([a, b]), expected)), [["fail", "Error: a"], ["die", b]]);
  });

  test("causeOf() makes an interruption of a CancelledError, from which cancellationOf() and errorOf() give it back", () => {
    const cancelled = new CancelledError("deadline", "lookup");
    const cause = causeOf(cancelled);
    assert.deepEqual(told(cause), ["interrupt"]);
    assert.equal(cancellationOf(cause), cancelled);
    assert.equal(errorOf(cause), cancelled);
  });
});

describe("errorOf()", () => {
  test("errorOf() gives one failure or defect as it is, several in a TaskGroupError, and drops the interruptions beside them", () => {
    assert.equal(errorOf(Cause.combine(Cause.fail(a), Cause.interrupt(1))), a);
    assert.equal(errorOf(Cause.die("text")), "text");
    const several = errorOf(Cause.combine(Cause.combine(Cause.fail(a), Cause.die(b)), Cause.fail(a)));
    assert.ok(several instanceof TaskGroupError);
    assert.deepEqual(several.errors, [a, b]);
  });

  test("errorOf() makes a CancelledError where Effect interrupted by itself, and some error of a Cause of nothing", () => {
    assert.ok(errorOf(Cause.interrupt(1)) instanceof CancelledError);
    assert.equal(cancellationOf(Cause.interrupt(1)), undefined);
    assert.ok(errorOf(Cause.empty) instanceof Error);
  });
});

describe("asEffect()", () => {
  test("asEffect() fails with what `catch` makes of the error, to be caught by its tag", async () => {
    const found = asEffect(() => Promise.reject(new RangeError("no")), { catch: () => ({ _tag: "NotFound" }) as const });
    assert.equal(await Effect.runPromise(Effect.catchTag(found, "NotFound", () => Effect.succeed("caught"))), "caught");
  });

  test("asEffect() is still a defect where a defect of an Effect came through it", async () => {
    const exit = await Effect.runPromiseExit(asEffect((scope) => runEffect(Effect.die(a), scope)));
    assert.deepEqual(told(Exit.isFailure(exit) ? exit.cause : Cause.empty), [["die", a]]);
  });

  test("asEffect() is interrupted, and says by whom, where a signal from outside cancels its scope", async () => {
    const controller = new AbortController();
    const fiber = Effect.runFork(asEffect((scope) => sleepForever(scope), { signal: controller.signal }));
    controller.abort("the client went away");
    const exit = await Effect.runPromise(Fiber.await(fiber));
    const cancelled = Exit.isFailure(exit) ? cancellationOf(exit.cause) : undefined;
    assert.deepEqual([cancelled?.source, cancelled?.reason], ["signal", "the client went away"]);
  });

  test("asEffect() calls its function anew at each run", async () => {
    let calls = 0;
    const counted = asEffect(() => Promise.resolve(++calls));
    assert.equal(calls, 0);
    assert.deepEqual([await Effect.runPromise(counted), await Effect.runPromise(counted)], [1, 2]);
  });

  test("asEffect() that is uninterruptible is not reached by the scope around it, either", async () => {
    const clock = testClock();
    let slept = 0;
    const work = asEffect(async (scope) => {
      await sleep(5_000, scope);
      slept = scope.now();
    });
    await moveOnAfter(1_000, (scope) => runEffect(Effect.uninterruptible(work), scope), { clock });
    assert.equal(slept, 5_000);
  });

  test("asEffect() may wait as the finalizer of an Effect that was cancelled", async () => {
    const clock = testClock();
    let cleaned = 0;
    const finalizer = Effect.orDie(asEffect(async (scope) => {
      await sleep(500, scope);
      cleaned = scope.now();
    }));
    await moveOnAfter(1_000, (scope) => runEffect(Effect.never.pipe(Effect.ensuring(finalizer)), scope), { clock });
    assert.equal(cleaned, 1_500);
  });

  test("asEffect() passes on references to the Effects in it, past scopes and tasks", async () => {
    const Tenant = Context.Reference<string>("tests/Tenant", { defaultValue: () => "nobody" });
    const inside = asEffect((scope) => scope.group((group) => group.spawn((task) => runEffect(Tenant, task)).join()));
    assert.equal(await Effect.runPromise(Effect.provideService(inside, Tenant, "ada")), "ada");
  });
});

describe("runEffect()", () => {
  test("runEffect() lives in the time of the scope: a day on a test clock takes none", async () => {
    const clock = testClock();
    await taskGroup((group) => runEffect(Effect.sleep("1 day"), group), { clock });
    assert.equal(clock.now(), 86_400_000);
  });

  test("runEffect() shows the cancellation of its scope to the Effect", async () => {
    let seen: CancelledError | undefined;
    let reason: unknown;
    const watching = Effect.never.pipe(Effect.onExit((exit) => Effect.sync(() => (seen = Exit.isFailure(exit) ? cancellationOf(exit.cause) : undefined))));
    await moveOnAfter(10, (scope) => {
      scope.onCancel((cause) => (reason = cause));
      return runEffect(watching, scope);
    }, { clock: testClock() });
    assert.ok(seen !== undefined && seen === reason && seen.source === "deadline");
  });

  test("runEffect() waits for what cannot be interrupted, and then rejects with the cancellation, as Effect does", async () => {
    await taskGroup(async (group) => {
      let kept = "";
      const stubborn = Effect.uninterruptible(Effect.promise(async () => group.cancel()).pipe(Effect.tap(() => Effect.sync(() => (kept = "kept")))));
      await assert.rejects(runEffect(stubborn, group), (error) => error === group.reason);
      assert.equal(kept, "kept");
    });
  });

  test("runEffect() fails with a CancelledError where the Effect interrupts itself, and that is a failure (G5)", async () => {
    const call = taskGroup((group) => runEffect(Effect.interrupt, group));
    await assert.rejects(call, (error) => error instanceof TaskGroupError && error.errors[0] instanceof CancelledError);
  });

  test("runEffect() throws all that failed in it (ef2): the typed failure, and the defect of a finalizer", async () => {
    const call = taskGroup((group) => runEffect(Effect.fail(a).pipe(Effect.ensuring(Effect.die(b))), group), { errors: "first" });
    await assert.rejects(call, (error) => error === b || (error instanceof TaskGroupError && error.errors.includes(b)));
  });

  test("runEffect() is no hole in the tree (ef6): what is inside of it is cancelled by the time limit around", async () => {
    let inner: Scope | undefined;
    const work = asEffect((scope) => sleepForever((inner = scope)));
    const nested = asEffect((scope) => runEffect(work, scope));
    const clock = testClock();
    await failAfter(1_000, (scope) => runEffect(nested, scope), { clock }).catch(() => {});
    assert.equal(inner?.reason?.source, "deadline");
    assert.equal(inner && clockOf(inner), clock);
  });

  test("runEffect() runs with a foreign signal, too", async () => {
    assert.equal(await runEffect(Effect.succeed(1), { signal: new AbortController().signal }), 1);
    await assert.rejects(runEffect(Effect.never, { signal: AbortSignal.abort() }), CancelledError);
  });
});
