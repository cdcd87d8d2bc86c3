/** G19: a signal from outside has a listener while a call lasts, and none when it has settled. */
import assert from "node:assert/strict";
import { describe } from "node:test";
import {
  all,
  allSettled,
  any,
  type Cancellable,
  CancelledError,
  failAfter,
  isCancelled,
  map,
  moveOnAfter,
  openTaskGroup,
  race,
  run,
  type Scope,
  sleep,
  sleepForever,
  sleepUntil,
  type TaskGroup,
  taskGroup,
} from "espalier";
import { park } from "espalier/lowlevel";
import { ending, type Given, isA, same, scenario, thrownBy } from "../case.ts";

type Client = Cancellable;
type Clock = Given["clock"];

/** Every root, with `fn` as what runs in it. */
const roots: Record<string, (client: Client, clock: Clock, fn: (scope: Scope) => unknown) => Promise<unknown>> = {
  "taskGroup()": ({ signal }, clock, fn) => taskGroup(fn, { signal, clock }),
  "failAfter()": ({ signal }, clock, fn) => failAfter(1_000, fn, { signal, clock }),
  "moveOnAfter()": ({ signal }, clock, fn) => moveOnAfter(1_000, fn, { signal, clock }),
  "all()": ({ signal }, clock, fn) => all([fn, fn], { signal, clock }),
  "allSettled()": ({ signal }, clock, fn) => allSettled([fn, fn], { signal, clock }),
  "race()": ({ signal }, clock, fn) => race([fn, fn], { signal, clock }),
  "any()": ({ signal }, clock, fn) => any([fn, fn], { signal, clock }),
  "map()": ({ signal }, clock, fn) => map([1, 2], (_, scope) => fn(scope), { signal, clock }),
};

const endings: Record<string, (scope: Scope, abort: () => void) => unknown> = {
  "returns at once": () => "value",
  "waits and returns": (scope) => sleep(10, scope),
  "fails": () => Promise.reject(new Error("E")),
  "throws": () => {
    throw new Error("E");
  },
  "is interrupted by the signal": (scope, abort) => (abort(), sleepForever(scope)),
  "swallows the interruption": (scope, abort) => (abort(), sleepForever(scope).catch(() => "swallowed")),
};

for (const [name, open] of Object.entries(roots)) {
  describe(`G19: ${name} with a signal from outside`, () => {
    for (const [how, fn] of Object.entries(endings)) {
      scenario(`G19: ${name} puts one listener on it and takes it off, when its function ${how}`, async ({ clock, outside }) => {
        const client = outside();
        let during = NaN;
        await ending(
          open(client, clock, (scope) => {
            during = client.listeners;
            return fn(scope, () => client.abort("gone"));
          }),
        );
        assert.equal(during, 1);
        assert.equal(client.added, 1);
        assert.equal(client.listeners, 0);
      });
    }

    scenario(`G19: ${name} with a signal that is aborted already puts none on it`, async ({ clock, outside }) => {
      const client = outside();
      client.abort("gone");
      await ending(open(client, clock, (scope) => scope.checkpoint()));
      assert.equal(client.listeners, 0);
    });

    // It gives its cancellation as records.
    if (name === "allSettled()") return;
    scenario(`G19: ${name}: the abort is a cancellation of source "signal" with the signal's reason`, async ({ clock, outside }) => {
      for (const reason of ["gone", new Error("closed"), undefined]) {
        const client = outside();
        const call = open(client, clock, (scope) => (client.abort(reason), sleepForever(scope)));
        const error = isA(await thrownBy(call), CancelledError);
        assert.equal(error.source, "signal");
        same([error.reason, error.cause], [client.signal.reason, client.signal.reason]);
      }
    });
  });
}

describe("G19: operations with a signal from outside", () => {
  const operations: Record<string, (client: Client, group: TaskGroup) => Promise<unknown>> = {
    "sleep()": (client) => sleep(5, client),
    "sleep(0)": (client) => sleep(0, client),
    "park()": (client) => park<void>(client, "bell", (waiter) => void waiter.resolve()),
    "join()": (client, group) => group.spawn((scope) => sleep(1, scope)).join(client),
    "join() of a finished task": (client, group) => group.spawn(() => {}).join(client),
    "settled()": (client, group) => group.spawn((scope) => sleep(1, scope)).settled(client),
    "vacancy()": (client, group) => group.vacancy(client),
    "start()": (client, group) => group.start((_, started: () => void) => started(), client),
    "start() of a task that fails": (client, group) => ending(group.start(() => Promise.reject(new Error("E")), client)),
    "a failing register of park()": (client) => ending(park(client, "bell", () => { throw new Error("E"); })),
  };
  for (const [name, operation] of Object.entries(operations)) {
    scenario(`G19: ${name} takes its listener off when it has settled`, async ({ clock, outside }) => {
      const client = outside();
      await taskGroup((group) => operation(client, group), { clock });
      assert.equal(client.listeners, 0);
    });
  }

  const waits: Record<string, (client: Client, group: TaskGroup) => Promise<unknown>> = {
    "sleep()": (client) => sleep(1_000, client),
    "sleepForever()": (client) => sleepForever(client),
    "join()": (client, group) => group.spawn(sleepForever, { daemon: true }).join(client),
    "park()": (client) => park(client, "bell", () => {}),
    "start()": (client, group) => group.start(sleepForever, client),
  };
  for (const [name, wait] of Object.entries(waits)) {
    scenario(`G19: ${name} is interrupted by it, and takes its listener off`, async ({ clock, outside }) => {
      const client = outside();
      await taskGroup(
        async (group) => {
          const call = ending(wait(client, group));
          assert.equal(client.listeners, 1);
          client.abort("gone");
          const end = await call;
          assert.ok("error" in end && isCancelled(end.error));
          const error = isA(end.error, CancelledError);
          assert.deepEqual([error.source, error.reason], ["signal", "gone"]);
        },
        { clock },
      );
      assert.equal(client.listeners, 0);
    });
  }
});

describe("G19: misuse leaves no listener either", () => {
  const misuses: Record<string, (client: Client, ended: TaskGroup) => unknown> = {
    "taskGroup(not a function)": ({ signal }) => taskGroup("body" as never, { signal }),
    "taskGroup() with a wrong concurrency": ({ signal }) => taskGroup(() => {}, { signal, concurrency: NaN }),
    "failAfter(NaN)": ({ signal }) => failAfter(NaN, () => {}, { signal }),
    "moveOnAfter(not a function)": ({ signal }) => moveOnAfter(1, undefined as never, { signal }),
    "all(not functions)": ({ signal }) => all([1] as never, { signal }),
    "race([])": ({ signal }) => race([], { signal }),
    "any([])": ({ signal }) => any([], { signal }),
    "map(not iterable)": ({ signal }) => map(1 as never, () => {}, { signal }),
    "openTaskGroup() with a wrong concurrency": ({ signal }) => openTaskGroup({ signal, concurrency: NaN }),
    "run(not a function)": ({ signal }) => run(1 as never, { signal }),
    "sleep(NaN)": (client) => sleep(NaN, client),
    "sleepUntil(NaN)": (client) => sleepUntil(NaN, client as Scope),
    "vacancy() of an ended group": (client, ended) => ended.vacancy(client),
    "start() in an ended group": (client, ended) => ended.start(() => {}, client),
  };
  for (const [what, misuse] of Object.entries(misuses)) {
    scenario(`G19: ${what}`, async ({ outside }) => {
      const client = outside();
      const ended = await taskGroup((group) => group);
      await thrownBy(async () => misuse(client, ended));
      assert.equal(client.listeners, 0);
    });
  }
});

describe("G3: a signal from outside takes nobody's failure away, and makes none", () => {
  const calls: Record<string, (client: Client, fn: () => unknown) => Promise<unknown>> = {
    "taskGroup()": ({ signal }, fn) => taskGroup(fn, { signal }),
    "failAfter()": ({ signal }, fn) => failAfter(1_000, fn, { signal }),
    "all()": ({ signal }, fn) => all([fn], { signal }),
    "sleep(NaN)": (client) => sleep(NaN, client),
  };
  for (const [name, call] of Object.entries(calls)) {
    scenario(`G3: a failed ${name} that nobody awaits is one unhandled rejection`, async ({ outside, takeReports }) => {
      void call(outside(), () => Promise.reject(new Error("E")));
      assert.deepEqual((await takeReports()).map(({ event }) => event), ["unhandledRejection"]);
    });

    scenario(`G3: a failed ${name} that its caller handles is none`, async ({ outside, takeReports }) => {
      await ending(call(outside(), () => Promise.reject(new Error("E"))));
      assert.deepEqual(await takeReports(), []);
    });
  }
});

describe("G19: a signal that several calls share", () => {
  scenario("G19: each has its own listener, and the last to settle leaves none", async ({ clock, outside }) => {
    const client = outside();
    const calls = [10, 20, 30].map((ms) => taskGroup((group) => sleep(ms, group), { clock, signal: client.signal }));
    assert.equal(client.listeners, 3);
    await calls[0];
    assert.equal(client.listeners, 2);
    await Promise.all(calls);
  });

  scenario("G19: openTaskGroup() holds its listener until the block is left", async ({ clock, outside }) => {
    const client = outside();
    const group = openTaskGroup({ clock, signal: client.signal });
    assert.equal(client.listeners, 1);
    await group[Symbol.asyncDispose]();
    assert.equal(client.listeners, 0);
  });
});
