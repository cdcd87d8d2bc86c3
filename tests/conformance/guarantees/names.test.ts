/** Names: where they come from, where they show, and that they are never inherited. */
import assert from "node:assert/strict";
import { describe } from "node:test";
import {
  all,
  any,
  CancelledError,
  failAfter,
  map,
  moveOnAfter,
  openTaskGroup,
  race,
  type Scope,
  sleepForever,
  TaskGroupError,
  taskGroup,
  TimeoutError,
} from "espalier";
import { tree } from "espalier/lowlevel";
import { isA, scenario, thrownBy } from "../case.ts";

const nameOf = ({ name }: Scope): string => name;

describe("where a name comes from", () => {
  const named: Record<string, (parent: Scope, options: { name: string }) => Promise<unknown>> = {
    "taskGroup()": (_, options) => taskGroup(nameOf, options),
    "failAfter()": (_, options) => failAfter(10, nameOf, options),
    "moveOnAfter()": (_, options) => moveOnAfter(10, nameOf, options),
    "scope.group()": (parent, options) => parent.group(nameOf, options),
    "scope.failAfter()": (parent, options) => parent.failAfter(10, nameOf, options),
    "scope.moveOnAfter()": (parent, options) => parent.moveOnAfter(10, nameOf, options),
    "scope.shield()": (parent, options) => parent.shield(nameOf, options),
    "group.spawn()": (parent, options) => parent.group((group) => group.spawn(nameOf, options).join(group)),
    "group.trySpawn()": (parent, options) => parent.group((group) => group.trySpawn(nameOf, options)!.join(group)),
    "group.start()": (parent, options) =>
      parent.group(async (group) => (await group.start((scope, started: (name: string) => void) => started(scope.name), group, options)).started),
    "openTaskGroup()": async (_, options) => {
      const group = openTaskGroup(options);
      await group.join();
      return group.name;
    },
  };
  for (const [name, open] of Object.entries(named)) {
    scenario(`${name} takes it from its options`, async () => {
      await taskGroup(async (parent) => assert.equal(await open(parent, { name: "given" }), "given"));
    });
  }

  scenario("a task's comes from its function, also through start(), map() and all()", async () => {
    const names: string[] = [];
    function fetchUser(scope: Scope): void {
      names.push(scope.name);
    }
    await taskGroup(async (group) => {
      group.spawn(fetchUser);
      group.trySpawn(fetchUser);
      await group.start(function listen(scope, started: () => void) {
        names.push(scope.name);
        started();
      }, group);
      await group.all([fetchUser]);
    });
    assert.deepEqual(names, ["fetchUser", "fetchUser", "listen", "fetchUser"]);
  });

  scenario("without a function's name there is one all the same", async () => {
    await taskGroup(async (group) => {
      const names = [group.spawn(() => {}).name, await group.group(nameOf), await group.failAfter(10, (scope) => scope.name), await group.spawn(async (scope) => scope.name).join(group)];
      for (const name of names) assert.ok(typeof name === "string" && name !== "");
    });
  });

  scenario("it cannot be changed from outside", async () => {
    await taskGroup(
      (group) => {
        assert.throws(() => ((group as { name: string }).name = "other"), TypeError);
        assert.equal(group.name, "fixed");
      },
      { name: "fixed" },
    );
  });
});

describe("where it shows", () => {
  const cancellations: Record<string, { open: (cancelled: (scope: Scope) => Promise<never>) => Promise<unknown>; by: string }> = {
    "cancel() of a group": { by: "g", open: (wait) => taskGroup((group) => (group.cancel(), wait(group)), { name: "g" }) },
    "cancel() of a limited scope": { by: "s", open: (wait) => failAfter(10, (scope) => (scope.cancel(), wait(scope)), { name: "s" }) },
    "cancel() of a task": {
      by: "t",
      open: (wait) =>
        taskGroup((group) => {
          group.spawn(wait, { name: "t" }).cancel();
        }),
    },
    "a deadline": { by: "d", open: (wait) => failAfter(0, wait, { name: "d" }) },
    "a shield's timeout": { by: "h", open: (wait) => moveOnAfter(10, (scope) => scope.shield(wait, { name: "h", timeout: 0 })) },
    "a task that failed": {
      by: "culprit",
      open: (wait) =>
        taskGroup((group) => {
          group.spawn(() => Promise.reject(new Error("E")), { name: "culprit" });
          return wait(group);
        }),
    },
    "a body that failed": {
      by: "g",
      open: (wait) =>
        taskGroup(
          (group) => {
            group.spawn(wait);
            throw new Error("E");
          },
          { name: "g" },
        ),
    },
    "the outer of two scopes": {
      by: "outer",
      open: (wait) => moveOnAfter(Infinity, (outer) => outer.failAfter(10, (inner) => (outer.cancel(), wait(inner)), { name: "inner" }), { name: "outer" }),
    },
    "a signal from outside": { by: "root", open: (wait) => taskGroup(wait, { name: "root", signal: AbortSignal.abort() }) },
    "the end of a group with a daemon": {
      by: "g",
      open: (wait) =>
        taskGroup(
          (group) => {
            group.spawn(wait, { daemon: true });
          },
          { name: "g" },
        ),
    },
  };
  for (const [what, { by, open }] of Object.entries(cancellations)) {
    scenario(`as \`by\` of the CancelledError, and in its message: ${what}`, async () => {
      let interruption: unknown;
      const wait = (scope: Scope): Promise<never> =>
        sleepForever(scope).catch((error: unknown) => {
          interruption = error;
          throw error;
        });
      await open(wait).catch(() => {});
      const error = isA(interruption, CancelledError);
      assert.equal(error.by, by);
      assert.ok(error.message.includes(by));
    });
  }

  scenario("in the message of a TimeoutError", async () => {
    const error = isA(await thrownBy(failAfter(0, (scope) => scope.checkpoint(), { name: "lookup" })), TimeoutError);
    assert.match(error.message, /lookup/);
  });

  scenario("in tree()", async () => {
    await taskGroup(
      async (group) => {
        group.spawn((scope) => scope.checkpoint(), { name: "heartbeat" });
        await group.failAfter(
          100,
          () => {
            const [root] = tree();
            assert.equal(root?.name, "server");
            assert.deepEqual(root.children.map(({ name }) => name), ["heartbeat", "lookup"]);
          },
          { name: "lookup" },
        );
      },
      { name: "server" },
    );
  });
});

describe("a name is never inherited", () => {
  const children: Record<string, (options: Scope | { signal: AbortSignal }) => Promise<unknown>> = {
    "taskGroup()": (options) => taskGroup(nameOf, options),
    "failAfter()": (options) => failAfter(10, nameOf, options),
    "moveOnAfter()": (options) => moveOnAfter(10, nameOf, options),
    "openTaskGroup()": async (options) => {
      const group = openTaskGroup(options);
      await group.join();
      return group.name;
    },
    "all()": async (options) => (await all([() => tree()], options))[0]?.at(-1)?.children.map(({ name }) => name).join(),
    "race()": (options) => race([nameOf], options),
    "any()": (options) => any([nameOf], options),
    "map()": async (options) => (await map([1], (_item, scope) => scope.name, options))[0],
  };
  for (const [name, open] of Object.entries(children)) {
    scenario(`${name} with a scope, with { ...scope } and with { signal } as its options`, async () => {
      await moveOnAfter(
        Infinity,
        async (parent) => {
          for (const options of [parent, { ...parent }, { signal: parent.signal }]) {
            const given = await open(options);
            assert.ok(typeof given === "string" && given !== "");
            assert.notEqual(given, "the parent");
          }
        },
        { name: "the parent" },
      );
    });
  }

  const methods: Record<string, (scope: Scope) => Promise<unknown>> = {
    "scope.group()": (scope) => scope.group(nameOf, scope),
    "scope.failAfter()": (scope) => scope.failAfter(10, nameOf, scope),
    "scope.moveOnAfter()": (scope) => scope.moveOnAfter(10, nameOf, scope),
    "scope.shield()": (scope) => scope.shield(nameOf, scope),
    "group.spawn()": (scope) => scope.group((group) => group.spawn(nameOf, scope).join(group)),
    "group.start()": (scope) =>
      scope.group(async (group) => (await group.start((own, started: (name: string) => void) => started(own.name), group, scope)).started),
  };
  for (const [name, open] of Object.entries(methods)) {
    scenario(`${name}, the method, with a scope as its options`, async () => {
      await moveOnAfter(
        Infinity,
        async (parent) => {
          const given = await open(parent);
          assert.ok(typeof given === "string" && given !== "");
          assert.notEqual(given, "the parent");
        },
        { name: "the parent" },
      );
    });
  }

  scenario("an own name beside a scope's signal is taken", async () => {
    await taskGroup(
      async (parent) => {
        assert.equal(await taskGroup(nameOf, { ...parent, name: "own" }), "own");
        assert.equal(await failAfter(10, nameOf, { signal: parent.signal, name: "own" }), "own");
      },
      { name: "the parent" },
    );
  });

  scenario("a failing task's name is not that of its group", async () => {
    const error = await thrownBy(
      taskGroup(
        async (group) => {
          group.spawn(() => Promise.reject(new Error("E")));
          assert.notEqual(isA(await thrownBy(sleepForever(group)), CancelledError).by, "the group");
        },
        { name: "the group" },
      ),
    );
    isA(error, TaskGroupError);
  });
});
