/** What the combinators do beside their results: misuse, order of the calls, names, and failures that come with a cancellation. */
import assert from "node:assert/strict";
import { describe } from "node:test";
import { all, allSettled, any, CancelledError, map, MisuseError, race, type Scope, sleep, sleepForever, taskGroup, TaskGroupError } from "espalier";
import { tree } from "espalier/lowlevel";
import { ending, gate, isA, quiet, same, scenario, thrownBy } from "../../tests/conformance/case.ts";

const roots = { all, allSettled, race, any } as const;
type Name = keyof typeof roots;
const names = Object.keys(roots) as Name[];

describe("a combinator", () => {
  for (const name of names) {
    scenario(`${name}() calls its functions at once, in their order, each with a scope of its own`, async ({ clock }) => {
      const scopes: Scope[] = [];
      const call = roots[name](
        [1, 2, 3].map(() => async (scope: Scope) => void scopes.push(scope)),
        { clock },
      );
      assert.equal(scopes.length, 3);
      assert.equal(new Set(scopes).size, 3);
      await call;
    });

    scenario(`${name}() rejects with a TypeError where an item is no function, says which, and calls none`, async ({ clock }) => {
      for (const wrong of [undefined, 42, Promise.resolve()]) {
        const functions = [() => assert.fail("called"), wrong as never];
        const error = isA(await thrownBy(roots[name](functions, { clock })), TypeError);
        assert.match(error.message, /1/);
        await taskGroup(async (group) => isA(await thrownBy(group[name](functions)), TypeError), { clock });
      }
    });

    scenario(`${name}() shows in the tree under its name, and its functions under theirs`, async ({ clock }) => {
      async function lookup(): Promise<void> {
        const [root] = tree();
        assert.equal(root?.name, name);
        assert.equal(root?.children[0]?.name, "lookup");
      }
      await roots[name]([lookup], { clock });
      await taskGroup(
        async (group) => {
          await group[name]([() => assert.equal(tree()[0]?.children[0]?.name, name)]);
        },
        { clock },
      );
    });

    scenario(`${name}() takes the name that its options give`, async ({ clock }) => {
      await roots[name]([() => assert.equal(tree()[0]?.name, "mine")], { clock, name: "mine" });
    });

    scenario(`${name}() reads its list once: what is pushed later is not run`, async ({ clock }) => {
      const functions = [async (): Promise<number> => functions.push(() => assert.fail("called"))];
      await roots[name](functions, { clock });
    });

    scenario(`${name}() ends a forgotten child scope of a function, and says so`, async ({ clock }) => {
      const forgets = (scope: Scope): void => void scope.group(sleepForever);
      const end = await ending<unknown>(roots[name]([forgets], { clock }));
      const error = "error" in end ? end.error : (end.value as PromiseSettledResult<void>[])[0];
      const failure = name === "any" ? isA(error, TaskGroupError).errors[0] : name === "allSettled" ? (error as PromiseRejectedResult).reason : error;
      assert.equal(isA(failure, MisuseError).code, "UNAWAITED");
    });
  }

  scenario("race() and any() reject with a TypeError where discard is no function, and call none", async ({ clock }) => {
    for (const root of [race, any]) {
      isA(await thrownBy(root([() => assert.fail("called")], { clock, discard: 42 as never })), TypeError);
    }
  });

  scenario("an AbortError of the platform that belongs to no cancelled scope is an ordinary error (G5)", async ({ clock }) => {
    const abort = new DOMException("aborted elsewhere", "AbortError");
    const throws = (): Promise<never> => Promise.reject(abort);
    assert.equal(await thrownBy(all([throws, sleepForever], { clock })), abort);
    assert.equal(await thrownBy(race([throws, sleepForever], { clock })), abort);
    assert.equal(await thrownBy(map([1], throws, { clock })), abort);
    same(isA(await thrownBy(any([throws], { clock })), TaskGroupError).errors, [abort]);
  });

  scenario("a function that swallows the cancellation of its siblings' failure changes nothing: all() throws the failure", async ({ clock }) => {
    const E = new Error("E");
    const swallows = (scope: Scope): Promise<string> => sleepForever(scope).catch(() => "swallowed");
    assert.equal(await thrownBy(all([swallows, () => Promise.reject(E)], { clock })), E);
  });

  scenario("an outer cancellation that comes when all have ended changes nothing: the results were handed over (G8)", async ({ clock }) => {
    await taskGroup(
      (group) =>
        group.moveOnAfter(Infinity, async (scope) => {
          const foreign = gate<string>();
          const call = scope.all([() => foreign.promise, () => "sync"]);
          await quiet();
          foreign.open("value");
          await Promise.resolve();
          scope.cancel();
          assert.deepEqual(await call, ["value", "sync"]);
        }),
      { clock },
    );
  });

  scenario("all() rejects with the outer cancellation where one function was interrupted and another had its value (G11)", async ({ clock }) => {
    await taskGroup(
      (group) =>
        group.moveOnAfter(10, async (scope) => {
          const error = await thrownBy(scope.all([() => "value", sleepForever]));
          assert.equal(error, scope.reason);
        }),
      { clock },
    );
  });

  scenario("race() settles with the loser's end, not before, though the loser cannot be interrupted (G1)", async ({ clock }) => {
    const foreign = gate();
    let settled = false;
    const call = race([() => "won", () => foreign.promise], { clock }).finally(() => (settled = true));
    await quiet();
    assert.equal(settled, false);
    foreign.open();
    assert.equal(await call, "won");
  });

  scenario("the losers of race() are cancelled with one CancelledError, which is not thrown", async ({ clock }) => {
    const reasons = new Set<unknown>();
    const loses = (scope: Scope): Promise<void> => sleepForever(scope).catch((error: unknown) => void reasons.add(error));
    assert.equal(await race([loses, loses, (scope) => sleep(10, scope).then(() => "won")], { clock }), "won");
    assert.equal(reasons.size, 1);
    isA([...reasons][0], CancelledError);
  });
});
