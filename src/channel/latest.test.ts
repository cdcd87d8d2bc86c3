/** `latest`: watchers see the newest value, and the end. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { CancelledError, moveOnAfter, type Scope, sleep, sleepForever, taskGroup } from "espalier";
import { ClosedError, latest, select } from "espalier/channel";
import { explore } from "espalier/testing";
import { isA, same, scenario, thrownBy } from "../../tests/conformance/case.ts";

scenario("a subscription begins with the value there is, and sees only the newest of what it missed", async ({ clock }) => {
  const state = latest(0);
  const changes = state.subscribe();
  await taskGroup(
    async (group) => {
      assert.equal(await changes.receive(group), 0);
      assert.equal(changes.tryReceive(), undefined);
      state.set(1);
      state.set(2);
      assert.equal(state.value, 2);
      assert.equal(await changes.receive(group), 2);
      const waiting = group.spawn((scope) => changes.receive(scope));
      state.set(3);
      state.set(4);
      assert.equal(await waiting.join(group), 3);
      assert.deepEqual(await select([changes], group), { index: 0, done: false, value: 4 });
    },
    { clock },
  );
});

scenario("to set the same value is no change", () => {
  const state = latest<unknown>(Number.NaN);
  const changes = state.subscribe();
  changes.tryReceive();
  state.set(Number.NaN);
  assert.equal(changes.tryReceive(), undefined);
  state.set(undefined);
  assert.deepEqual(changes.tryReceive(), { value: undefined });
});

scenario("until() gives the first value it sees that fits, at once or later, and leaves no watcher", async ({ clock }) => {
  const state = latest<number | string>(1);
  await taskGroup(
    async (group) => {
      assert.equal(await state.until((value) => value === 1, group), 1);
      const waiting = group.spawn((scope) => state.until((value) => typeof value === "string", scope));
      await sleep(1, group);
      state.set(2);
      await sleep(1, group);
      state.set("text");
      assert.equal(await waiting.join(group), "text");
      const cancelled = group.spawn((scope) => state.until((value) => value === 9, scope));
      const failing = group.spawn((scope) => thrownBy(state.until(() => assert.fail("mine"), scope)));
      await sleep(1, group);
      cancelled.cancel();
      isA(await thrownBy(cancelled.join(group)), CancelledError);
      isA(await failing.join(group), assert.AssertionError);
      assert.equal(state.statistics().receivers, 0);
    },
    { clock },
  );
});

scenario("an until() that is cancelled before anybody awaits it is no unhandled rejection; a misuse is one", async ({ clock, takeReports }) => {
  const state = latest(1);
  await moveOnAfter(
    1,
    async (scope) => {
      void state.until((value) => value === 9, scope);
      await sleepForever(scope);
    },
    { clock },
  );
  assert.deepEqual(await takeReports(), []);
  void state.until(() => true, undefined as never);
  isA((await takeReports())[0]?.error, TypeError);
});

scenario("values() gives the value there is and the changes, until close(), or until the loop is left", async ({ clock }) => {
  const state = latest("a");
  const seen: string[] = [];
  await taskGroup(
    async (group) => {
      group.spawn(async (scope) => {
        for await (const value of state.values(scope)) seen.push(value);
        seen.push("end");
      });
      group.spawn(async (scope) => {
        for await (const value of state.values(scope)) if (value === "b") break;
        seen.push(`left, ${state.statistics().receivers} goes on`);
      });
      for (const value of ["b", "c"]) {
        await sleep(1, group);
        state.set(value);
      }
      await sleep(1, group);
      state.close();
    },
    { clock },
  );
  assert.deepEqual(seen, ["a", "b", "left, 1 goes on", "c", "end"]);
});

scenario("after close() it keeps its value, and set() throws", async ({ clock }) => {
  const state = latest(1, { name: "state" });
  await taskGroup(
    async (group) => {
      const behind = state.subscribe();
      const waiting = group.spawn((scope) => thrownBy(state.until((value) => value > 9, scope)));
      await sleep(1, group);
      state.set(2);
      state.close();
      state[Symbol.dispose]();
      assert.equal(state.closed, true);
      const error = isA(await thrownBy((async () => state.set(3))()), ClosedError);
      same([error.code, error.undelivered], ["CLOSED", 3]);
      assert.equal(isA(await waiting.join(group), ClosedError).code, "ENDED");
      for (const receiver of [behind, state.subscribe()]) {
        const seen: number[] = [];
        for await (const value of receiver.items(group)) seen.push(value);
        assert.deepEqual(seen, [2]);
      }
    },
    { clock },
  );
});

test("a watcher always comes to see the last value, in every order and with any task cancelled", async () => {
  await explore(
    async (group) => {
      const state = latest(0);
      const last: number[] = [];
      const watch = async (scope: Scope): Promise<void> => void last.push(await state.until((value) => value === 3, scope));
      const watchers = [group.spawn(watch), group.spawn(watch)];
      const writers = [1, 2].map((value) => group.spawn((scope) => scope.checkpoint().finally(() => state.set(value))));
      for (const writer of writers) await writer.settled(group);
      state.set(3);
      for (const watcher of watchers) await watcher.settled(group);
      assert.deepEqual(last.filter((value) => value !== 3), []);
      assert.equal(state.statistics().receivers, 0);
    },
    { faults: ["cancel"], schedules: 2_000, seeds: 200 },
  );
});
