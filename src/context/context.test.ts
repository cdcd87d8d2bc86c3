/** The ambient layer: what is around, where, and what it does to the user's own storage. */
import assert from "node:assert/strict";
import { AsyncLocalStorage } from "node:async_hooks";
import { describe } from "node:test";
import { failAfter, MisuseError, type Scope, sleep, taskGroup } from "espalier";
import { ambient, ContextVariable, contextVariable, currentScope, tryCurrentScope } from "espalier/context";
import { isA, scenario, thrownBy } from "../../tests/conformance/case.ts";

const codeOf = async (call: () => unknown): Promise<string> => isA(await thrownBy(call), MisuseError).code;

describe("currentScope()", () => {
  scenario("is the scope that the ambient function was handed, also after its waits", async ({ clock }) => {
    const query = async (): Promise<Scope> => {
      await sleep(5, currentScope());
      return currentScope();
    };
    await taskGroup(async (group) => {
      const tasks = ["a", "b"].map((name) => group.spawn(ambient(async (scope: Scope) => assert.equal(await query(), scope)), { name }));
      for (const task of tasks) await task.join(group);
      assert.equal(tryCurrentScope(), undefined);
    }, { clock });
  });
  scenario("is that of the innermost one: of a time limit whose body is ambient, and of the one around elsewhere", async ({ clock }) => {
    await taskGroup(ambient(async (group: Scope) => {
      await group.failAfter(10, ambient(async (own: Scope) => assert.equal(currentScope(), own)));
      await group.failAfter(10, async () => assert.equal(currentScope(), group));
      assert.equal(currentScope(), group);
    }), { clock });
  });
  scenario("tasks that are not ambient have the scope of where they were spawned", async ({ clock }) => {
    await taskGroup(ambient(async (group) => {
      await group.spawn(async () => assert.equal(currentScope(), group)).join(group);
    }), { clock });
  });
  scenario("does not get around to the caller of an ambient function, nor to siblings", async () => {
    await taskGroup(async (group) => {
      group.spawn(ambient(() => void currentScope()));
      assert.equal(tryCurrentScope(), undefined);
      group.spawn(() => assert.equal(tryCurrentScope(), undefined));
    });
  });
  scenario("is a misuse where none is around, and one that has ended says so when it is used", async () => {
    assert.equal(await codeOf(currentScope), "NO_SCOPE");
    let late!: () => unknown;
    await taskGroup(ambient(() => {
      late = AsyncLocalStorage.bind(() => currentScope().throwIfCancelled());
    }));
    assert.equal(await codeOf(late), "SCOPE_ENDED");
  });
  scenario("an ambient function keeps its name and takes what it was given", async () => {
    const work = ambient((scope: Scope, item: number, index: number) => `${scope.name} ${item} ${index}`);
    assert.equal(work.name, "");
    await taskGroup(async (group) => {
      assert.deepEqual(await group.map([7], (item, scope, index) => work(scope, item, index)), ["map 7 0"].map((text) => text.replace("map", "map")));
      assert.equal(group.spawn(ambient(function named() {})).name, "named");
    });
    assert.throws(() => ambient(7 as never), TypeError);
  });
  scenario("leaves the user's own storage as it is (X01, X07)", async ({ clock }) => {
    const storage = new AsyncLocalStorage<string>();
    await taskGroup(async (group) => {
      const task = storage.run("mine", () => group.spawn(ambient(async (scope: Scope) => {
        await sleep(1, scope);
        return storage.getStore();
      })));
      assert.equal(await task.join(group), "mine");
      assert.equal(storage.getStore(), undefined);
    }, { clock });
  });
});

describe("a context variable", () => {
  scenario("holds for all that is below its scope, shields and tasks included, and nowhere else", async ({ clock }) => {
    const user = contextVariable<string>("user", { default: "nobody" });
    await taskGroup(async (group) => {
      await user.run("ada", async (scope) => {
        const seen = await scope.all([(own) => user.get(own), (own) => own.shield((inner) => user.get(inner)), (own) => own.group((inner) => inner.spawn((task) => user.get(task)).join(inner))]);
        assert.deepEqual(seen, ["ada", "ada", "ada"]);
        assert.equal(await user.run("bob", (own) => user.get(own), scope), "bob");
        assert.equal(user.get({ ...scope }), "ada");
      }, group);
      assert.equal(user.get(group), "nobody");
    }, { clock });
  });
  scenario("a task has the value of its group, whoever spawned it", async () => {
    const user = new ContextVariable<string>("user", { default: "nobody" });
    await taskGroup((group) => user.run("ada", async () => {
      assert.equal(await group.spawn((scope) => user.get(scope)).join(group), "nobody");
    }, group));
  });
  scenario("without a scope it is asked for in the current one", async () => {
    const user = contextVariable<string>("user");
    await taskGroup(async (group) => {
      assert.equal(await user.run("ada", ambient(() => user.get()), group), "ada");
      assert.equal(await codeOf(() => user.get()), "NO_SCOPE");
      assert.equal(await codeOf(() => user.get(group)), "UNSET");
    });
  });
  scenario("undefined is a value, and a default", async () => {
    const maybe = contextVariable<string | undefined>("maybe", { default: undefined });
    await taskGroup(async (group) => {
      assert.equal(maybe.get(group), undefined);
      assert.equal(await maybe.run(undefined, (scope) => maybe.get(scope), group), undefined);
    });
  });
  scenario("run() is a scope like any other: cancelled with the one around, and what fails in it is thrown as it is", async ({ clock }) => {
    const user = contextVariable<string>("user");
    const E = new Error("E");
    await taskGroup(async (group) => {
      assert.equal(await thrownBy(user.run("ada", () => Promise.reject(E), group)), E);
      assert.equal(await group.moveOnAfter(5, (scope) => user.run("ada", (own) => sleep(1_000, own), scope), { fallback: "gone" }), "gone");
    }, { clock });
  });
  scenario("an ended scope still answers", async () => {
    const user = contextVariable<string>("user");
    const kept = await failAfter(Infinity, (scope) => user.run("ada", (own): Scope => own, scope));
    assert.equal(user.get(kept), "ada");
  });
});
