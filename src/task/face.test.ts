/** What a scope shows to the platform, and to handlers beyond a shield. (The rest of G17 and G19: tests/conformance/guarantees.) */
import assert from "node:assert/strict";
import { moveOnAfter, type Scope, sleepForever, taskGroup } from "espalier";
import { scenario } from "../../tests/conformance/case.ts";

scenario("onCancel() hears the cancellation of an ancestor, and none through a shield", async ({ clock }) => {
  await moveOnAfter(
    Infinity,
    (outer) =>
      outer.shield((shield) =>
        outer.failAfter(Infinity, (inner) => {
          const heard: string[] = [];
          inner.onCancel(() => heard.push("inner"));
          shield.onCancel(() => heard.push("shield"));
          outer.cancel();
          assert.deepEqual(heard, ["inner"]);
        }),
      ),
    { clock },
  );
});

scenario("the signal of a scope is one object, with the CancelledError as its reason, whether it was asked for before the cancellation or after", async ({ clock }) => {
  for (const early of [true, false]) {
    await moveOnAfter(
      Infinity,
      (scope) => {
        if (early) assert.equal(scope.signal.aborted, false);
        const before = early ? scope.signal : undefined;
        scope.cancel();
        assert.equal(scope.signal.aborted, true);
        assert.equal(scope.signal.reason, scope.reason);
        assert.equal(before ?? scope.signal, scope.signal);
      },
      { clock },
    );
  }
});

scenario("the signal of every scope survives a spread and Object.assign, and nothing else of the scope does", async ({ clock }) => {
  const look = (scope: Scope): void => {
    assert.deepEqual({ ...scope }, { signal: scope.signal });
    assert.equal(Object.assign({}, scope).signal, scope.signal);
  };
  await taskGroup(
    async (group) => {
      look(group);
      group.defer(look);
      group.spawn(look);
      await group.start((scope, started: () => void) => {
        look(scope);
        started();
      }, group);
      await Promise.all([group.group(look), group.failAfter(10, look), group.moveOnAfter(10, look), group.shield(look), group.map([1], (_item, scope) => look(scope))]);
    },
    { clock },
  );
});

scenario("the signal of a scope carries any number of children without a MaxListeners warning", async ({ clock }) => {
  await moveOnAfter(
    10,
    (scope) => {
      scope.signal.addEventListener("abort", () => {});
      return scope.all(Array.from({ length: 100 }, () => sleepForever));
    },
    { clock },
  );
});
