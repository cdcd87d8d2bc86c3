/** G16: a forgotten await. Child scopes that outlive their function are a mistake that is told; single operations are let go. */
import assert from "node:assert/strict";
import { describe } from "node:test";
import {
  CancelledError,
  failAfter,
  leaves,
  MisuseError,
  moveOnAfter,
  run,
  type Scope,
  sleep,
  sleepForever,
  suppressed,
  taskGroup,
  TaskGroupError,
} from "espalier";
import { park } from "espalier/lowlevel";
import { ending, gate, isA, quiet, same, scenario, thrownBy } from "../../tests/conformance/case.ts";

type Body = (scope: Scope) => unknown;
/** Who forgets: everything that runs a function in a scope. */
const owners: Record<string, (scope: Scope, body: Body) => Promise<unknown>> = {
  "the body of a group": (scope, body) => scope.group(body),
  "a task": (scope, body) => scope.group((group) => void group.spawn(body)),
  "a daemon": (scope, body) => scope.group((group) => group.spawn(body, { daemon: true }).settled()),
  "failAfter()": (scope, body) => scope.failAfter(1_000, body),
  "moveOnAfter()": (scope, body) => scope.moveOnAfter(1_000, body),
  "shield()": (scope, body) => scope.shield(body),
  "run()": (scope, body) => run(body, scope),
  "a function of all()": (scope, body) => scope.all([body]),
  "a call of map()": (scope, body) => scope.map([1], (_item, own) => body(own)),
};
/** What is forgotten: everything that opens a scope, under the name in the message. */
const children: Record<string, [open: (scope: Scope, body: Body) => unknown, name: RegExp]> = {
  "group()": [(scope, body) => scope.group(body, { name: "forgotten" }), /"forgotten"/],
  "failAfter()": [(scope, body) => scope.failAfter(500, body, { name: "forgotten" }), /"forgotten"/],
  "moveOnAfter()": [(scope, body) => scope.moveOnAfter(500, body, { name: "forgotten" }), /"forgotten"/],
  "shield()": [(scope, body) => scope.shield(body, { name: "forgotten" }), /"forgotten"/],
  "taskGroup() with the scope": [(scope, body) => taskGroup(body, { signal: scope.signal, name: "forgotten" }), /"forgotten"/],
  "all()": [(scope, body) => scope.all([body]), /all/],
  "allSettled()": [(scope, body) => scope.allSettled([body]), /allSettled/],
  "race()": [(scope, body) => scope.race([body]), /race/],
  "any()": [(scope, body) => scope.any([body]), /any/],
  "map()": [(scope, body) => scope.map([1], (_item, own) => body(own)), /map/],
};

describe("a function that returns while a child scope it opened still runs cancels it, waits for it, and fails with UNAWAITED", () => {
  for (const [owner, own] of Object.entries(owners)) {
    for (const [child, [open, name]] of Object.entries(children)) {
      scenario(`… ${owner} forgets ${child}`, async ({ clock }) => {
        const reasons: unknown[] = [];
        let cleanedUp = false;
        const body: Body = async (scope) => {
          const end = await ending(sleepForever(scope));
          if ("error" in end) reasons.push(end.error);
          await scope.shield((shield) => sleep(20, shield));
          cleanedUp = true;
        };
        const call = failAfter(2_000, (scope) => own(scope, (inner) => void open(inner, body)), { clock });
        const [misuse, ...others] = leaves(await thrownBy(call));
        const { code, message } = isA(misuse, MisuseError);
        assert.equal(code, "UNAWAITED");
        assert.match(message, name);
        same(others, []);
        assert.equal(isA(reasons[0], CancelledError).source, "ended");
        assert.equal(cleanedUp, true, "it was not waited for");
        assert.equal(clock.now(), 20);
      });
    }
  }

  scenario("… though nothing can interrupt the child (G1)", async ({ clock }) => {
    const foreign = gate();
    let settled = false;
    const call = thrownBy(failAfter(1_000, (scope) => void scope.group(() => foreign.promise), { clock })).finally(() => (settled = true));
    await quiet();
    assert.equal(settled, false);
    foreign.open();
    assert.equal(isA(await call, MisuseError).code, "UNAWAITED");
  });

  scenario("… several of them: one error names them all", async ({ clock }) => {
    const error = await thrownBy(
      failAfter(
        1_000,
        (scope) => {
          for (const name of ["first", "second"]) void scope.group(sleepForever, { name });
        },
        { clock },
      ),
    );
    assert.match(isA(error, MisuseError).message, /"first".*"second"/);
    same(suppressed(error), []);
  });

  scenario("… the loser of the platform's Promise.race between two child scopes, too", async ({ clock }) => {
    const error = await thrownBy(
      failAfter(1_000, (scope) => Promise.race([scope.group((group) => sleep(10, group)), scope.group(sleepForever, { name: "loser" })]), { clock }),
    );
    assert.match(isA(error, MisuseError).message, /"loser"/);
  });

  scenario("… in a task: the siblings are cancelled as by any failure", async ({ clock }) => {
    const error = await thrownBy(
      taskGroup(
        async (group) => {
          group.spawn((scope) => void scope.group(sleepForever), { name: "forgetful" });
          const { source, by } = isA(await thrownBy(sleepForever(group)), CancelledError);
          assert.deepEqual([source, by], ["sibling", "forgetful"]);
        },
        { clock },
      ),
    );
    assert.equal(isA(isA(error, TaskGroupError).errors[0], MisuseError).code, "UNAWAITED");
  });

  scenario("… what fails in the child while it is cancelled is not lost, and no unhandled rejection", async ({ clock }) => {
    const F = new Error("F");
    const fails = (scope: Scope): Promise<never> => sleepForever(scope).catch(() => Promise.reject(F));
    for (const [own, extract] of [
      [(body: Body) => failAfter(1_000, body, { clock }), (error: unknown) => [error, ...suppressed(error)]],
      [(body: Body) => taskGroup(body, { clock }), (error: unknown) => isA(error, TaskGroupError).errors],
    ] as const) {
      const error = await thrownBy(own((scope) => void scope.failAfter(500, fails)));
      const failures: unknown[] = [...extract(error)];
      assert.equal(failures.length, 2);
      assert.ok(failures.includes(F));
      assert.ok(failures.some((one) => one instanceof MisuseError && one.code === "UNAWAITED"));
    }
  });

  scenario("… and cleanups that were deferred run after the child has ended", async ({ clock }) => {
    const steps: string[] = [];
    await ending(
      failAfter(
        1_000,
        (scope) => {
          scope.defer(() => steps.push("cleanup"));
          void scope.group((group) => sleepForever(group).finally(() => steps.push("child")));
        },
        { clock },
      ),
    );
    assert.deepEqual(steps, ["child", "cleanup"]);
  });

  scenario("… but not when the child's promise is what it returned", async ({ clock }) => {
    assert.equal(await failAfter(1_000, (scope) => scope.group(() => scope.shield(() => "value")), { clock }), "value");
  });

  scenario("… nor for tasks: a group waits for those", async ({ clock }) => {
    let done = false;
    await taskGroup((group) => void group.spawn((scope) => sleep(10, scope).then(() => (done = true))), { clock });
    assert.equal(done, true);
  });
});

describe("a function that a real error or a cancellation ended while a child scope still runs", () => {
  const E = new Error("E");

  for (const [owner, own] of Object.entries(owners)) {
    scenario(`… ${owner}: the error of one of two child scopes under Promise.all stays what it was; the other has ended`, async ({ clock }) => {
      let ended = false;
      const body: Body = (scope) =>
        Promise.all([
          scope.failAfter(500, () => Promise.reject(E)),
          scope.group(async (group) => {
            await ending(sleepForever(group));
            await group.shield((shield) => sleep(20, shield));
            ended = true;
          }),
        ]);
      same(leaves(await thrownBy(failAfter(2_000, (scope) => own(scope, body), { clock }))), [E]);
      assert.equal(ended, true);
    });
  }

  scenario("… the second failure under Promise.all is not lost either: it is attached", async ({ clock }) => {
    const F = new Error("F");
    const error = await thrownBy(
      failAfter(
        1_000,
        (scope) =>
          Promise.all([scope.failAfter(500, () => Promise.reject(E)), scope.failAfter(500, (own) => sleepForever(own).catch(() => Promise.reject(F)))]),
        { clock },
      ),
    );
    assert.equal(error, E);
    same(suppressed(error), [F]);
  });

  scenario("… a cancellation stays a cancellation", async ({ clock }) => {
    const fallback = await moveOnAfter(10, (scope) => Promise.all([scope.failAfter(500, sleepForever), scope.group(sleepForever), sleepForever(scope)]), {
      clock,
      fallback: "absorbed",
    });
    assert.equal(fallback, "absorbed");
  });
});

describe('a single operation that nobody awaits when its scope ends rejects with source "ended", and is marked as handled', () => {
  const operations: Record<string, (scope: Scope) => Promise<unknown>> = {
    "sleep()": (scope) => sleep(1_000, scope),
    "sleepForever()": (scope) => sleepForever(scope),
    "wait()": (scope) => scope.wait(new Promise(() => {})),
    "park()": (scope) => park(scope, "test", () => {}),
  };
  for (const [name, operation] of Object.entries(operations)) {
    scenario(`… ${name}`, async ({ clock }) => {
      let kept!: Promise<unknown>;
      const value = await failAfter(
        2_000,
        (scope) => {
          kept = operation(scope);
          void operation(scope);
          return "value";
        },
        { clock, name: "owner" },
      );
      assert.equal(value, "value");
      const { source, by } = isA(await thrownBy(kept), CancelledError);
      assert.deepEqual([source, by], ["ended", "owner"]);
      assert.equal(clock.now(), 0);
    });
  }

  scenario("… join() of a task that goes on in a group further out, and vacancy()", async ({ clock }) => {
    await taskGroup(
      async (group) => {
        const task = group.spawn((scope) => sleep(10, scope));
        const kept: Promise<unknown>[] = [];
        await group.failAfter(500, (scope) => void kept.push(task.join(scope), task.settled(scope), group.vacancy(scope)));
        for (const promise of kept) assert.equal(isA(await thrownBy(promise), CancelledError).source, "ended");
        assert.equal(task.status, "running");
      },
      { clock, concurrency: 1 },
    );
  });

  scenario("… the loser of the platform's Promise.race is no bug", async ({ clock }) => {
    const value = await taskGroup(
      (group) => Promise.race([sleep(10, group).then(() => "first"), sleepForever(group).then(() => "never", () => "loser"), sleep(1_000, group)]),
      { clock },
    );
    assert.equal(value, "first");
    assert.equal(clock.now(), 10);
  });

  scenario("… a helper of the user whose await was forgotten is loud: its rejection reaches nobody", async ({ clock, takeReports }) => {
    const helper = async (scope: Scope): Promise<void> => {
      await sleep(10, scope);
      assert.fail("it went on");
    };
    await failAfter(1_000, (scope) => void helper(scope), { clock });
    const reports = await takeReports();
    assert.deepEqual(reports.map(({ event }) => event), ["unhandledRejection"]);
    assert.equal(isA(reports[0]?.error, CancelledError).source, "ended");
  });

  scenario("… in a group only when its tasks have ended, not when its body has", async ({ clock }) => {
    let kept!: Promise<unknown>;
    await taskGroup(
      (group) => {
        kept = ending(sleep(10, group)).then((end) => ["value" in end, group.now()]);
        group.spawn((scope) => sleep(20, scope));
      },
      { clock },
    );
    assert.deepEqual(await kept, [true, 10]);
  });
});

scenario("G16: what fails in a run() that was forgotten is told with it", async () => {
  const E = new Error("E");
  const call = taskGroup((group) => {
    void run((scope) => sleepForever(scope).catch(() => Promise.reject(E)), { signal: group.signal, signals: [] });
  });
  const failures = leaves(isA(await thrownBy(call), TaskGroupError));
  assert.equal(isA(failures.find((failure) => failure !== E), MisuseError).code, "UNAWAITED");
  assert.ok(failures.includes(E));
});
