/** Roots and where they find their parent: a scope, what carries a scope's signal, a web Request, a signal from outside. */
import assert from "node:assert/strict";
import { describe } from "node:test";
import { all, type Cancellable, CancelledError, failAfter, map, moveOnAfter, openTaskGroup, race, type Scope, sleep, sleepForever, taskGroup } from "espalier";
import { tree } from "espalier/lowlevel";
import { isA, same, scenario, thrownBy } from "../case.ts";

/** What stands for a scope in options, or where something waits. */
const forms: Record<string, (scope: Scope) => Cancellable> = {
  "the scope itself": (scope) => scope,
  "{ ...scope }": (scope) => ({ ...scope }),
  "{ signal: scope.signal }": ({ signal }) => ({ signal }),
  "{ ...scope } with options": (scope) => ({ ...scope, concurrency: 5, name: "child" }),
  "an object that inherits from it": (scope) => Object.create(scope, { signal: { value: scope.signal, enumerable: true } }) as Cancellable,
};

const roots: Record<string, (options: Cancellable, fn: (scope: Scope) => unknown) => Promise<unknown>> = {
  taskGroup: (options, fn) => taskGroup(fn, options),
  failAfter: (options, fn) => failAfter(10_000, fn, options),
  moveOnAfter: (options, fn) => moveOnAfter(10_000, fn, options),
  all: (options, fn) => all([fn], options),
  race: (options, fn) => race([fn], options),
  map: (options, fn) => map([1], (_, scope) => fn(scope), options),
  async openTaskGroup(options, fn) {
    const group = openTaskGroup(options);
    try {
      await fn(group);
      await group.join();
    } finally {
      await group[Symbol.asyncDispose]();
    }
  },
};

for (const [form, stand] of Object.entries(forms)) {
  describe(`${form} as the options of a root`, () => {
    for (const [root, open] of Object.entries(roots)) {
      scenario(`${root}: makes a child of the scope, with its deadline and clock, and no listener in between`, async ({ clock }) => {
        let looked = false;
        const value = await moveOnAfter(
          500,
          async (parent) => {
            await sleep(100, parent);
            const { signal } = parent;
            signal.addEventListener = () => assert.fail("a listener was put on the scope's signal");
            await open(stand(parent), async (child) => {
              assert.equal(child.deadline, 500);
              assert.equal(child.now(), 100);
              assert.equal(tree().length, 1, "no second root");
              assert.notEqual(child.signal, signal);
              looked = true;
              await sleepForever(child);
            });
          },
          { clock, fallback: "absorbed", name: "parent" },
        );
        assert.equal(looked, true);
        assert.equal(value, "absorbed");
        assert.equal(clock.now(), 500);
      });
    }

    scenario("an explicit cancellation reaches it at once, with the parent's CancelledError", async ({ clock }) => {
      await moveOnAfter(
        Infinity,
        async (parent) => {
          const error = await thrownBy(
            taskGroup((child) => {
              parent.cancel("enough");
              assert.equal(child.cancelled, true);
              return sleepForever(child);
            }, stand(parent)),
          );
          assert.equal(error, parent.reason);
        },
        { clock },
      );
    });

    scenario("an operation that waits with it waits in the scope", async ({ clock }) => {
      await moveOnAfter(
        Infinity,
        async (parent) => {
          await sleep(100, stand(parent));
          assert.equal(clock.now(), 100);
          const wait = sleep(1_000, stand(parent));
          parent.cancel("enough");
          assert.equal(await thrownBy(wait), parent.reason);
        },
        { clock },
      );
    });
  });
}

describe("a child that found its parent by options", () => {
  scenario("is waited for by nobody but its caller, and ends before its parent all the same", async ({ clock }) => {
    const log: string[] = [];
    await taskGroup(
      async (parent) => {
        await taskGroup((child) => void child.spawn((scope) => sleep(10, scope).then(() => log.push("child"))), parent);
        log.push("parent");
      },
      { clock },
    );
    assert.deepEqual(log, ["child", "parent"]);
  });

  scenario("of a task's scope ends with that task's cancellation", async ({ clock }) => {
    await taskGroup(
      async (group) => {
        const task = group.spawn((scope) => taskGroup((inner) => sleepForever(inner), scope));
        task.cancel();
        assert.equal((await task.settled(group)).status, "cancelled");
      },
      { clock },
    );
  });

  scenario("of a shield is shielded", async ({ clock }) => {
    await moveOnAfter(
      Infinity,
      (outer) => {
        outer.cancel();
        return outer.shield(async (shield) => {
          await taskGroup((child) => sleep(10, child), shield);
          assert.equal(clock.now(), 10);
        });
      },
      { clock },
    );
  });
});

describe("a web Request as the options of a root", () => {
  const request = (): { request: Request; client: AbortController } => {
    const client = new AbortController();
    return { request: new Request("http://localhost/", { signal: client.signal }), client };
  };

  for (const [root, open] of Object.entries(roots)) {
    scenario(`${root}: ends when the client goes away`, async () => {
      const { request: incoming, client } = request();
      const error = await thrownBy(
        open(incoming, (scope) => {
          client.abort("gone");
          return sleepForever(scope);
        }),
      );
      const { source, reason } = isA(error, CancelledError);
      assert.deepEqual([source, reason], ["signal", "gone"]);
    });
  }

  scenario("a request that is not aborted changes nothing", async () => {
    const { request: incoming } = request();
    assert.equal(await taskGroup(async (group) => (await sleep(0, group), "value"), incoming), "value");
    await sleep(0, incoming);
  });

  scenario("an operation that waits with it is interrupted", async () => {
    const { request: incoming, client } = request();
    const wait = sleepForever(incoming);
    client.abort("gone");
    assert.equal(isA(await thrownBy(wait), CancelledError).reason, "gone");
  });
});

describe("a scope as the platform's options", () => {
  scenario("signal is its own, enumerable, and only such property, of every kind of scope", async ({ clock }) => {
    const kinds: Scope[] = [];
    await taskGroup(
      async (group) => {
        kinds.push(group);
        group.spawn((scope) => void kinds.push(scope));
        await group.failAfter(10, (scope) => void kinds.push(scope));
        await group.moveOnAfter(10, (scope) => void kinds.push(scope));
        await group.shield((scope) => void kinds.push(scope));
        await group.all([(scope) => void kinds.push(scope)]);
        await group.map([1], (_, scope) => void kinds.push(scope));
        group.defer((scope) => void kinds.push(scope));
        const block = openTaskGroup(group);
        kinds.push(block);
        await block.join();
        await group.start((scope, started: () => void) => (kinds.push(scope), started()), group);
      },
      { clock },
    );
    assert.equal(kinds.length, 10);
    for (const scope of kinds) {
      assert.deepEqual(Object.keys(scope), ["signal"]);
      assert.deepEqual(Object.entries({ ...scope }), [["signal", scope.signal]]);
      assert.ok(Object.hasOwn(scope, "signal"));
      const enumerated: string[] = [];
      for (const key in scope) enumerated.push(key);
      assert.deepEqual(enumerated, ["signal"]);
      assert.ok(scope.signal instanceof AbortSignal);
      assert.equal(scope.signal, scope.signal, "one signal for one scope");
    }
    assert.equal(new Set(kinds.map(({ signal }) => signal)).size, kinds.length);
  });

  scenario("its reason is the CancelledError itself", async ({ clock }) => {
    await moveOnAfter(
      Infinity,
      async (scope) => {
        const { signal } = scope;
        scope.cancel("enough");
        same([signal.aborted, signal.reason], [true, scope.reason]);
        assert.throws(
          () => signal.throwIfAborted(),
          (error) => error === scope.reason,
        );
      },
      { clock },
    );
  });
});
