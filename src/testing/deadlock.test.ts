/** Deadlocks on a test clock: told at once, and never where something could still come. */
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { createServer } from "node:net";
import { describe } from "node:test";
import { setTimeout as timer } from "node:timers/promises";
import { all, leaves, map, openTaskGroup, race, type Scope, sleep, sleepForever, taskGroup, TaskGroupError } from "espalier";
import { park, type Waiter } from "espalier/lowlevel";
import { DeadlockError, external, testClock } from "espalier/testing";
import { ending, gate, isA, quiet, same, scenario, thrownBy } from "../../tests/conformance/case.ts";
import { turn } from "./turns.ts";

const never = (scope: Scope): Promise<void> => park<void>(scope, "queue", () => {});

/** Something to wait for, and who waits for it. */
function bell(): { wait(scope: Scope): Promise<string>; ring(): boolean } {
  const waiters = new Set<Waiter<string>>();
  return {
    wait: (scope) =>
      park<string>(scope, "bell", (waiter) => {
        waiters.add(waiter);
        return () => waiters.delete(waiter);
      }),
    ring: () => [...waiters].some((waiter) => waiters.delete(waiter) && waiter.resolve("rung")),
  };
}

/** Longer than the silence after which a deadlock is told, in turns that the clock takes for its own: nobody sees it coming. */
async function unseen(): Promise<void> {
  const since = performance.now();
  while (performance.now() - since < 200) await turn();
}

/** The one DeadlockError in what a call rejects with. */
async function deadlockOf(call: Promise<unknown>): Promise<DeadlockError> {
  const [first, ...others] = leaves(await thrownBy(call));
  same(others, []);
  return isA(first, DeadlockError);
}

describe("a deadlock on a test clock", () => {
  const programs: Record<string, (clock: ReturnType<typeof testClock>) => Promise<unknown>> = {
    "two tasks": (clock) => taskGroup((group) => void [group.spawn(never), group.spawn(sleepForever)], { clock }),
    "a body that joins a task, with a scope": (clock) => taskGroup((group) => group.spawn(never).join(group), { clock }),
    "a body that joins a task, without one": (clock) => taskGroup((group) => group.spawn(never).join(), { clock }),
    "a chain of scopes": (clock) => taskGroup((group) => group.failAfter(Infinity, (scope) => scope.shield(never)), { clock }),
    "tasks in the queue": (clock) => taskGroup((group) => void [group.spawn(never), group.spawn(never)], { clock, concurrency: 1 }),
    "a task that is being started for another": (clock) => taskGroup((group) => void group.spawn((scope) => group.start(never, scope)), { clock }),
    "a cleanup": (clock) => taskGroup((group) => group.defer(never), { clock }),
    all: (clock) => all([never, never], { clock }),
    race: (clock) => race([never, never], { clock }),
    map: (clock) => map([1, 2, 3], (_, scope) => never(scope), { clock, concurrency: 2 }),
    async openTaskGroup(clock) {
      const group = openTaskGroup({ clock });
      group.spawn(never);
      await group.join();
    },
  };
  for (const [name, program] of Object.entries(programs)) {
    scenario(`a deadlock is reported to every wait, with one error: ${name}`, async ({ clock }) => {
      isA(await deadlockOf(program(clock)), DeadlockError);
    });
  }

  scenario("a deadlock is reported after virtual time has run out, and not before", async ({ clock }) => {
    const error = await deadlockOf(
      taskGroup(
        async (group) => {
          group.spawn(never, { name: "consumer" });
          await sleep(10_000, group);
          await never(group);
        },
        { clock, name: "main" },
      ),
    );
    assert.equal(clock.now(), 10_000);
    assert.match(error.message, /^Deadlock at 10000 ms of virtual time/);
  });

  scenario("a deadlock shows who waits for what, equal siblings folded, and the way out", async ({ clock }) => {
    const error = await deadlockOf(
      taskGroup(
        async (group) => {
          for (let n = 0; n < 1_200; n++) group.spawn(never, { name: "consumer" });
          await group.spawn(sleepForever, { name: "producer" }).join(group);
        },
        { clock, name: "main" },
      ),
    );
    assert.equal(error.tree, 'taskGroup "main": join\n  1,200 × consumer: queue\n  producer: sleep');
    assert.match(error.message, /1,200 × consumer: queue/);
    assert.match(error.message, /external\(promise, label\)/);
  });

  scenario("a deadlock takes the waiters out of wherever they are queued", async ({ clock }) => {
    const { wait, ring } = bell();
    await deadlockOf(taskGroup((group) => void group.spawn(wait), { clock }));
    assert.equal(ring(), false);
  });

  scenario("a deadlock ends no other scope than by the error: cleanup may wait, and a task may go on", async ({ clock }) => {
    const seen: unknown[] = [];
    await taskGroup(
      async (group) => {
        seen.push(await ending(never(group)));
        await sleep(5, group);
      },
      { clock },
    );
    assert.equal(seen.length, 1);
    assert.equal(clock.now(), 5);
  });

  scenario("a deadlock of two roots on one clock is one, told to both", async ({ clock }) => {
    const errors = await Promise.all([never, sleepForever].map((fn) => deadlockOf(taskGroup(fn, { clock }))));
    assert.equal(errors[0], errors[1]);
  });
});

describe("no deadlock is reported", () => {
  /** What goes on outside of the tree and then wakes it: `true` when it has taken its time. */
  const outsides: Record<string, () => Promise<unknown>> = {
    "promise work": async () => {
      for (let n = 0; n < 10_000; n++) await Promise.resolve();
    },
    "turns of the event loop": async () => {
      const since = performance.now();
      while (performance.now() - since < 200) await quiet();
    },
    "a timer of the platform": () => timer(200),
    "an answer from a server": () =>
      new Promise((resolve) => {
        const server = createServer().listen(0, "127.0.0.1", () => setTimeout(() => server.close(resolve), 150).unref());
      }),
    "a child process": () => new Promise((resolve) => execFile(process.execPath, ["-e", "setTimeout(() => {}, 150)"], resolve)),
    "work that was registered": () => external(unseen()),
  };
  for (const [name, outside] of Object.entries(outsides)) {
    scenario(`no deadlock is reported while the test goes on outside of the tree, by ${name}`, async ({ clock }) => {
      const { wait, ring } = bell();
      const call = taskGroup((group) => group.spawn(wait).join(group), { clock });
      await outside();
      assert.equal(ring(), true);
      assert.equal(await call, "rung");
    });
  }

  /** Trees that something may wake which nobody can see coming. */
  const trees: Record<string, (scope: Scope, foreign: Promise<void>) => Promise<unknown>> = {
    "a task awaits a plain promise": (_, foreign) => foreign,
    "a task waits for a plain promise": (scope, foreign) => scope.wait(foreign),
    "a body awaits a plain promise": (scope, foreign) =>
      scope.group((group) => {
        group.spawn((own) => sleepForever(own), { daemon: true });
        return foreign;
      }),
    "a cleanup awaits a plain promise": (scope, foreign) => scope.failAfter(Infinity, (own) => own.defer(() => foreign)),
    "a handler of errors awaits a plain promise": (scope, foreign) =>
      scope.group((group) => void group.spawn(() => Promise.reject(new Error("handled"))), { onError: () => foreign }),
  };
  for (const [name, tree] of Object.entries(trees)) {
    scenario(`no deadlock is reported where ${name}`, async ({ clock }) => {
      const { wait, ring } = bell();
      const { promise, open } = gate();
      const call = taskGroup(
        async (group) => {
          group.spawn(wait);
          await tree(group, promise);
          ring();
        },
        { clock },
      );
      await unseen();
      open();
      await call;
    });
  }

  scenario("no deadlock is reported where a signal from outside may still abort", async ({ clock, outside }) => {
    const { signal, abort } = outside();
    const call = taskGroup(never, { clock, signal });
    await unseen();
    abort();
    assert.equal((isA(await thrownBy(call), Error) as { source?: string }).source, "signal");
  });

  scenario("no deadlock is reported on a clock that advance() may still move", async () => {
    const clock = testClock({ autojump: false });
    const { wait, ring } = bell();
    const other = taskGroup(wait, { clock });
    await unseen();
    assert.equal(ring(), true);
    assert.equal(await other, "rung");
  });

  scenario("no deadlock is reported while a timer on another test clock may wake it", async ({ clock }) => {
    const other = testClock({ autojump: false });
    const { wait, ring } = bell();
    const call = taskGroup(wait, { clock });
    const ringer = taskGroup((group) => sleep(10, group).then(ring), { clock: other });
    await unseen();
    await other.advance(10);
    assert.deepEqual([await call, await ringer], ["rung", true]);
  });

  scenario("no deadlock is reported twice for one error: a TaskGroupError holds it once", async ({ clock }) => {
    const error = isA(await thrownBy(taskGroup((group) => void [group.spawn(never), group.spawn(never)], { clock })), TaskGroupError);
    assert.equal(error.errors.length, 1);
  });
});
