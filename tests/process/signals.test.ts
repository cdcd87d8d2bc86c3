/** The signals of this process as an iterable. */
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { moveOnAfter, taskGroup } from "espalier";
import { signals } from "espalier/process";
import { isA, thrownBy } from "../conformance/case.ts";

const listeners = (): number => process.listenerCount("SIGWINCH") + process.listenerCount("SIGHUP");
const send = (name: string): boolean => process.kill(process.pid, name);
/** Until the loop has told of it. */
const heard = (name: string): Promise<void> => new Promise((resolve) => process.once(name, () => resolve()));

describe("signals()", () => {
  test("gives them as they come, also those that came before the loop", async () => {
    await taskGroup(async (group) => {
      const coming = signals(["SIGWINCH", "SIGHUP"], group);
      const first = heard("SIGHUP");
      send("SIGHUP");
      await first;
      const names: string[] = [];
      for await (const name of coming) {
        names.push(name);
        if (names.length === 1) send("SIGWINCH");
        else break;
      }
      assert.deepEqual(names, ["SIGHUP", "SIGWINCH"]);
      assert.equal(listeners(), 0);
    });
  });

  test("tells one that came twice once", async () => {
    await taskGroup(async (group) => {
      const coming = signals(["SIGWINCH", "SIGHUP"], group);
      for (let time = 0; time < 2; time++) {
        const came = heard("SIGWINCH");
        send("SIGWINCH");
        await came;
      }
      assert.deepEqual(await coming.next(), { done: false, value: "SIGWINCH" });
      send("SIGHUP");
      assert.deepEqual(await coming.next(), { done: false, value: "SIGHUP" });
    });
  });

  test("ends with its scope, cancelled or not, and leaves no listener", async () => {
    await taskGroup((group) => void signals(["SIGWINCH"], group));
    assert.equal(listeners(), 0);
    await moveOnAfter(Infinity, async (scope) => {
      const next = thrownBy(signals(["SIGWINCH"], scope).next());
      scope.cancel();
      assert.equal(await next, scope.reason);
    });
    assert.equal(listeners(), 0);
  });

  test("refuses what is no signal", async () => {
    await taskGroup((group) => {
      assert.throws(() => signals(["SIGNOTHING"], group), TypeError);
      assert.throws(() => signals(["SIGWINCH", "SIGKILL"], group));
      assert.equal(listeners(), 0);
    });
  });

  test("tells once of a signal that was named twice", async () => {
    await taskGroup(async (group) => {
      const coming = signals(["SIGWINCH", "SIGWINCH", "SIGCONT"], group);
      const [first, second] = [coming.next(), coming.next()];
      process.emit("SIGWINCH", "SIGWINCH");
      process.emit("SIGCONT", "SIGCONT");
      assert.deepEqual([(await first).value, (await second).value], ["SIGWINCH", "SIGCONT"]);
      await coming.return!();
    });
  });

  test("is over after the loop, for who waits as well", async () => {
    await taskGroup(async (group) => {
      const left = signals(["SIGWINCH"], group);
      const waiting = left.next();
      await left.return!();
      assert.deepEqual(await waiting, { done: true, value: undefined });
      const coming = signals(["SIGWINCH"], group);
      await coming.return!();
      assert.equal((await coming.next()).done, true);
    });
    isA(await thrownBy(() => signals(["SIGWINCH"], undefined as never)), TypeError);
  });
});
