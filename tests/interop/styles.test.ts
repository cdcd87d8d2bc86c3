/** What holds beside every other style, in both directions: errors, cancellation, cleanup that is awaited, deadlines. */
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { CancelledError, failAfter, type Scope, sleep, sleepForever, TaskGroupError, taskGroup, TimeoutError } from "espalier";
import { clockOf } from "espalier/lowlevel";
import { Event } from "espalier/sync";
import { testClock } from "espalier/testing";
import { type Style, styles } from "./styles.ts";

/** Does not end before it is cancelled; then cleans up for as long as `free` is not set, and writes down both. */
async function lingering(scope: Scope, log: string[], began: Event, free: Event): Promise<never> {
  try {
    return await sleepForever(scope);
  } finally {
    log.push("cleanup begins");
    began.set();
    await scope.shield((inner) => free.wait(inner));
    log.push("cleanup ends");
  }
}

const causedBy = (cause: unknown): ((error: unknown) => boolean) => (error) => error === cause;

for (const style of styles) {
  describe(`our work in ${style.name}`, () => outward(style));
  describe(`work of ${style.name} in a scope`, () => inward(style));
}

function outward(style: Style): void {
  test("gives its value", async () => {
    assert.equal(await style.start(async () => 42).result, 42);
  });

  test("fails with the error itself", async () => {
    const failure = new RangeError("out of range");
    await assert.rejects(style.start(() => Promise.reject(failure)).result, causedBy(failure));
  });

  test("fails with all errors, where there were several", async () => {
    const failures = [new Error("a"), new Error("b")];
    const { result } = style.start((scope) => scope.group((group) => void failures.map((failure) => group.spawn(() => Promise.reject(failure)))));
    await assert.rejects(result, (error) => error instanceof TaskGroupError && assert.deepEqual(error.errors, failures) === undefined);
  });

  test("is cancelled by an interruption, which waits for its cleanup", async () => {
    const [log, began, free] = [[] as string[], new Event(), new Event()];
    let reason: unknown;
    const started = style.start((scope) => {
      scope.onCancel((cause) => (reason = cause));
      return lingering(scope, log, began, free);
    });
    started.result.catch(() => {});
    const interrupted = started.interrupt().then(() => log.push("interrupted"));
    await taskGroup((group) => began.wait(group));
    log.push("freed");
    free.set();
    await interrupted;
    assert.deepEqual(log, ["cleanup begins", "freed", "cleanup ends", "interrupted"]);
    assert.ok(reason instanceof CancelledError && reason.source === "explicit");
  });

  test("does not lose what fails in the cleanup of an interruption", async () => {
    const failure = new Error("cannot clean up");
    const started = style.start(async (scope) => {
      try {
        await sleepForever(scope);
      } finally {
        // oxlint-disable-next-line no-unsafe-finally -- this is what a cleanup that fails does
        throw failure;
      }
    });
    started.result.catch(() => {});
    await assert.rejects(started.interrupt(), causedBy(failure));
  });

  test("does not lose a cancellation that is not its own, which its cleanup failed with (G5)", async () => {
    const foreign = new CancelledError("explicit", "another scope");
    const started = style.start(async (scope) => {
      await sleepForever(scope).catch(() => {});
      throw foreign;
    });
    started.result.catch(() => {});
    await assert.rejects(started.interrupt(), causedBy(foreign));
  });

  test("is interrupted without a failure where its cleanup is cut short by its own cancellation", async () => {
    const started = style.start((scope) => sleepForever(scope).catch(() => scope.checkpoint()));
    started.result.catch(() => {});
    await started.interrupt();
  });

  test("is cancelled by a time limit, which waits for its cleanup", async () => {
    const [log, began, free] = [[] as string[], new Event(), new Event()];
    const limited = style.limited((scope) => lingering(scope, log, began, free)).catch((error: unknown) => {
      log.push("too late");
      throw error;
    });
    limited.catch(() => {});
    await taskGroup((group) => began.wait(group));
    log.push("freed");
    free.set();
    await assert.rejects(limited, (error) => !(error instanceof CancelledError));
    assert.deepEqual(log, ["cleanup begins", "freed", "cleanup ends", "too late"]);
  });
}

function inward(style: Style): void {
  const { value, failure, forever, ours } = style.foreign;
  const canWait = !style.cannot.includes("await cleanup");

  test("gives its value", async () => {
    assert.equal(await taskGroup((group) => value(42)(group)), 42);
  });

  test("fails with the error itself, and so cancels what runs beside it", async () => {
    const error = new RangeError("out of range");
    let sibling: unknown;
    const call = taskGroup((group) => {
      group.spawn((scope) => sleepForever(scope).catch((reason: unknown) => Promise.reject((sibling = reason))));
      group.spawn(failure(error));
    });
    await assert.rejects(call, (thrown) => thrown instanceof TaskGroupError && thrown.errors[0] === error);
    assert.ok(sibling instanceof CancelledError && sibling.reason === error);
  });

  test("can be caught, and then nothing has failed", async () => {
    const error = new Error("caught");
    assert.equal(await taskGroup((group) => failure(error)(group).catch((thrown: unknown) => thrown === error)), true);
  });

  test("is ended by a cancellation, rejects with it, and is waited for", async () => {
    const [log, began, free] = [[] as string[], new Event(), new Event()];
    const clean = async (): Promise<void> => {
      log.push("cleanup begins");
      began.set();
      if (canWait) await taskGroup((group) => free.wait(group));
      log.push("cleanup ends");
    };
    const call = taskGroup(async (group) => {
      const work = forever(() => group.cancel("enough"), clean);
      await assert.rejects(work(group), (error) => error === group.reason);
      log.push("rejected");
    });
    await taskGroup((group) => began.wait(group));
    free.set();
    await call;
    assert.deepEqual(log, ["cleanup begins", "cleanup ends", "rejected"]);
  });

  test("is ended by a deadline, which throws only after the cleanup", async () => {
    const log: string[] = [];
    const work = forever(() => log.push("started"), async () => void log.push("cleaned up"));
    await assert.rejects(failAfter(1_000, work, { clock: testClock() }), (error) => error instanceof TimeoutError && log.push("too late") > 0);
    assert.deepEqual(log, ["started", "cleaned up", "too late"]);
  });

  if (canWait) {
    test("rejects with what its cleanup failed with, rather than with the cancellation (G7)", async () => {
      const error = new Error("cannot clean up");
      const call = failAfter(1_000, forever(() => {}, () => Promise.reject(error)), { clock: testClock() });
      await assert.rejects(call, causedBy(error));
    });
  }

  test("does not start in a cancelled scope (G4), nor in one that has ended (G17)", async () => {
    let starts = 0;
    const work = forever(() => starts++, async () => {});
    let ended!: Scope;
    await taskGroup(async (group) => {
      group.cancel();
      await assert.rejects(work(group), (error) => error === group.reason);
      ended = group;
    });
    await assert.rejects(work(ended), { code: "SCOPE_ENDED" });
    assert.equal(starts, 0);
  });

  test("does not start without a scope: nobody could end it", async () => {
    let starts = 0;
    const work = forever(() => starts++, async () => {});
    for (const no of [undefined, null, {}, 5]) await assert.rejects(work(no as never), /^TypeError: \w+(\(\))? waits, so it needs/);
    assert.equal(starts, 0);
  });

  if (!style.cannot.includes("pass on scopes")) {
    test("passes on the scope around to our work in it: clock, deadline, and the very cancellation", async () => {
      const clock = testClock();
      let inside: Scope | undefined;
      const work = ours(async (scope) => {
        inside = scope;
        assert.equal(clockOf(scope), clock);
        assert.equal(scope.deadline, 1_000);
        await sleep(2_000, scope);
      });
      await assert.rejects(failAfter(1_000, work, { clock }), (error) => error instanceof TimeoutError && error.cause === inside?.reason);
    });
  }

  test("takes our work through that style and back: value, error, cancellation", async () => {
    const failures = [new Error("a"), new Error("b")];
    const failing = ours((scope) => scope.group((group) => void failures.map((one) => group.spawn(() => Promise.reject(one)))));
    await taskGroup(async (group) => {
      assert.equal(await ours(async () => 42)(group), 42);
      await assert.rejects(ours(() => Promise.reject(failures[0]))(group), causedBy(failures[0]));
      await assert.rejects(failing(group), (error) => error instanceof TaskGroupError && assert.deepEqual(error.errors, failures) === undefined);
    });
    await taskGroup(async (group) => {
      const call = ours((scope) => sleepForever(scope))(group);
      group.cancel("enough");
      await assert.rejects(call, (error) => error === group.reason);
    });
  });
}
