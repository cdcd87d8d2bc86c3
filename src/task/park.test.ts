/** `park` (espalier/lowlevel): what somebody who builds a thing that waits can rely on. */
import assert from "node:assert/strict";
import { describe } from "node:test";
import { CancelledError, failAfter, MisuseError, moveOnAfter, type Scope, taskGroup } from "espalier";
import { attachProbe, park, type Waiter } from "espalier/lowlevel";
import { ending, isA, same, scenario, thrownBy } from "../../tests/conformance/case.ts";

/** Parks in `scope`, and gives the waking side, too. */
function parked<T>(scope: Parameters<typeof park>[0], onInterrupt?: (cause: CancelledError) => unknown): { promise: Promise<T>; waiter: Waiter<T> } {
  let waiter!: Waiter<T>;
  const promise = park<T>(scope, "bell", (own) => {
    waiter = own;
    return onInterrupt;
  });
  return { promise, waiter };
}

describe("park()", () => {
  scenario("registers before it returns, and ends by the first resolve() or reject(); later ones are told that it is gone", async ({ clock }) => {
    await taskGroup(
      async (group) => {
        const E = new Error("E");
        const first = parked<string>(group);
        assert.equal(first.waiter.label, "bell");
        assert.equal(first.waiter.resolve("value"), true);
        assert.equal(first.waiter.resolve("again"), false);
        assert.equal(first.waiter.reject(E), false);
        assert.equal(await first.promise, "value");
        const second = parked<string>(group);
        assert.equal(second.waiter.reject(E), true);
        assert.equal(second.waiter.resolve("late"), false);
        assert.equal(await thrownBy(second.promise), E);
      },
      { clock },
    );
  });

  scenario("may be woken by its own registration", async ({ clock }) => {
    const value = await taskGroup((group) => park<string>(group, "bell", (waiter) => void waiter.resolve("at once")), { clock });
    assert.equal(value, "at once");
  });

  scenario("rejects with what its registration throws, and is gone then", async ({ clock }) => {
    const E = new Error("E");
    let waiter!: Waiter<string>;
    await taskGroup(
      async (group) => {
        const call = park<string>(group, "bell", (own) => {
          waiter = own;
          throw E;
        });
        assert.equal(await thrownBy(call), E);
        assert.equal(waiter.resolve("late"), false);
      },
      { clock },
    );
  });

  scenario("takes the waiter out when its scope lets it go: once, with the cause, before the promise rejects", async ({ clock }) => {
    await moveOnAfter(
      Infinity,
      async (scope) => {
        const steps: unknown[] = [];
        const { promise, waiter } = parked(scope, (cause) => steps.push(cause));
        const rejected = ending(promise).then(() => steps.push("rejected"));
        scope.cancel();
        assert.equal(waiter.resolve(undefined), false);
        await rejected;
        same(steps, [scope.reason, "rejected"]);
      },
      { clock },
    );
  });

  scenario("does not take it out when it was woken", async ({ clock }) => {
    await moveOnAfter(
      Infinity,
      async (scope) => {
        const { promise, waiter } = parked<string>(scope, () => assert.fail("taken out"));
        waiter.resolve("value");
        scope.cancel();
        assert.equal(await promise, "value");
      },
      { clock },
    );
  });

  scenario('takes it out with source "ended" when nobody awaits it and its scope ends (G16)', async ({ clock }) => {
    const causes: CancelledError[] = [];
    await failAfter(1_000, (scope) => void parked(scope, (cause) => causes.push(cause)), { clock });
    assert.deepEqual(causes.map(({ source }) => source), ["ended"]);
  });

  scenario("lets all that wait in a scope go in the order of coming, those of children after their parents'", async ({ clock }) => {
    const order: string[] = [];
    await moveOnAfter(
      Infinity,
      async (scope) => {
        const wait = (own: Scope, name: string): Promise<unknown> => ending(parked(own, () => order.push(name)).promise);
        const waits = [wait(scope, "first"), scope.group((group) => wait(group, "child")), wait(scope, "second")];
        scope.cancel();
        await Promise.all(waits);
      },
      { clock },
    );
    assert.deepEqual(order, ["first", "second", "child"]);
  });

  scenario("hands over to the next in line where the one before was cancelled in the same turn: nothing is lost (G8)", async ({ clock }) => {
    await taskGroup(
      async (group) => {
        const line = new Set<Waiter<string>>();
        const bell = (scope: Scope): Promise<string> =>
          park(scope, "bell", (waiter) => {
            line.add(waiter);
            return () => line.delete(waiter);
          });
        const hand = (value: string): boolean => [...line].some((waiter) => line.delete(waiter) && waiter.resolve(value));
        const [first, second] = [group.spawn(bell), group.spawn(bell)];
        first.cancel();
        assert.equal(hand("item"), true);
        assert.equal(hand("nobody is left"), false);
        assert.equal(await second.join(group), "item");
        assert.equal(first.outcome?.status, "cancelled");
      },
      { clock },
    );
  });

  scenario("rejects with SCOPE_ENDED in an ended scope, with a TypeError without one, and registers nothing", async ({ clock }) => {
    let kept!: Scope;
    await taskGroup((group) => void (kept = group), { clock });
    const register = (): never => assert.fail("registered");
    assert.equal(isA(await thrownBy(park(kept, "bell", register)), MisuseError).code, "SCOPE_ENDED");
    isA(await thrownBy(park(undefined as never, "bell", register)), TypeError);
  });

  scenario("is seen by probes, under its label, while it waits", async ({ clock }) => {
    const seen: string[] = [];
    const attached = attachProbe({
      parked: ({ label, scope }) => seen.push(`${label} in ${scope.name}`),
      unparked: ({ label }) => seen.push(`${label} no more`),
    });
    await taskGroup(
      async function guard(group) {
        const { promise, waiter } = parked<string>(group);
        assert.deepEqual(seen, ["bell in guard"]);
        waiter.resolve("value");
        assert.deepEqual(seen, ["bell in guard", "bell no more"]);
        await promise;
      },
      { clock },
    );
    attached[Symbol.dispose]();
  });
});
