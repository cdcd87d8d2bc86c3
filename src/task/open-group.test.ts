/** `openTaskGroup`, the disposable form: what leaves the block, and how the language wraps it. */
import assert from "node:assert/strict";
import { describe } from "node:test";
import {
  catchErrors,
  failAfter,
  leaves,
  MisuseError,
  moveOnAfter,
  openTaskGroup,
  sleep,
  sleepForever,
  taskGroup,
  TaskGroupError,
} from "espalier";
import { tree } from "espalier/lowlevel";
import { ending, isA, same, scenario, thrownBy } from "../../tests/conformance/case.ts";

const [E, F] = [new Error("E"), new Error("F")];

describe("await using group = openTaskGroup()", () => {
  scenario("is left with the language's SuppressedError where block and tasks failed, and catchErrors() looks through it", async ({ clock }) => {
    const block = async (): Promise<void> => {
      await using group = openTaskGroup({ clock });
      group.spawn((scope) => sleepForever(scope).catch(() => Promise.reject(F)));
      throw E;
    };
    const error = await thrownBy(block());
    assert.ok(error instanceof SuppressedError);
    const caught: unknown[] = [];
    await catchErrors(error, [Error, (group) => void caught.push(...leaves(group))]);
    same(caught, [E, F]);
  });

  scenario("takes the options of taskGroup: a place in the tree, onError, concurrency, errors", async ({ clock }) => {
    const seen: unknown[] = [];
    await moveOnAfter(
      50,
      async (outer) => {
        await using group = openTaskGroup({ ...outer, name: "block", concurrency: 1, onError: (error) => void seen.push(error) });
        assert.equal(tree()[0]?.children[0]?.name, "block");
        assert.equal(group.deadline, 50);
        group.spawn(() => Promise.reject(F));
        group.spawn((scope) => sleep(1, scope));
        assert.equal(group.spawn(() => {}).status, "queued");
        await group.join();
      },
      { clock },
    );
    same(seen, [F]);
  });

  scenario("an outer cancellation that interrupts a task leaves it as that CancelledError, and is absorbed further out", async ({ clock }) => {
    const fallback = await moveOnAfter(
      10,
      async (outer) => {
        await using group = openTaskGroup(outer);
        group.spawn(sleepForever);
        assert.equal(await thrownBy(group.join()), outer.reason);
        await outer.checkpoint();
      },
      { clock, fallback: "absorbed" },
    );
    assert.equal(fallback, "absorbed");
  });

  scenario("an outer cancellation wrapped with a task's real error by the language is taken out of it (G6)", async ({ clock }) => {
    const error = await thrownBy(
      moveOnAfter(
        10,
        async (outer) => {
          await using group = openTaskGroup(outer);
          group.spawn((scope) => sleepForever(scope).catch(() => Promise.reject(F)));
          await sleepForever(outer);
        },
        { clock, fallback: "absorbed" },
      ),
    );
    same(leaves(error), [F]);
  });

  scenario("runs deferred cleanups, and has ended afterwards", async ({ clock }) => {
    const steps: string[] = [];
    const group = openTaskGroup({ clock });
    group.defer(() => steps.push("cleanup"));
    group.spawn((scope) => sleep(5, scope).then(() => steps.push("task")));
    await group.join();
    assert.deepEqual(steps, ["task", "cleanup"]);
    assert.equal(isA(await thrownBy(() => group.spawn(() => assert.fail("called"))), MisuseError).code, "SCOPE_ENDED");
    await group[Symbol.asyncDispose]();
  });

  scenario("may be joined by many, who all hear of its end", async ({ clock }) => {
    const group = openTaskGroup({ clock });
    group.spawn(() => Promise.reject(F));
    const ends = await Promise.all([ending(group.join()), ending(group.join())]);
    for (const end of ends) assert.ok("error" in end && leaves(end.error)[0] === F);
  });

  scenario("two of them in one block are left last first", async ({ clock }) => {
    const ends: string[] = [];
    const block = async (): Promise<void> => {
      await using outer = openTaskGroup({ clock });
      await using inner = openTaskGroup(outer);
      outer.spawn((scope) => sleepForever(scope).finally(() => ends.push("outer")));
      inner.spawn((scope) => sleepForever(scope).finally(() => ends.push("inner")));
    };
    await block();
    assert.deepEqual(ends, ["inner", "outer"]);
  });
});

describe("a block that is never left", () => {
  scenario("… fails the function that opened it with UNAWAITED; its tasks are cancelled (G16)", async ({ clock }) => {
    const error = await thrownBy(failAfter(1_000, ({ signal }) => void openTaskGroup({ signal, name: "forgotten" }).spawn(sleepForever), { clock }));
    const { code, message } = isA(error, MisuseError);
    assert.equal(code, "UNAWAITED");
    assert.match(message, /"forgotten"/);
    assert.equal(clock.now(), 0);
  });

  scenario("… fails the task that opened it", async ({ clock }) => {
    const error = await thrownBy(taskGroup((group) => void group.spawn((scope) => void openTaskGroup(scope)), { clock }));
    assert.equal(isA(isA(error, TaskGroupError).errors[0], MisuseError).code, "UNAWAITED");
  });
});

scenario("the start of a task in it obeys its caller, as in any group", async ({ clock }) => {
  await using group = openTaskGroup({ clock });
  assert.equal(await moveOnAfter(10, (caller) => group.start(sleepForever, caller), { clock, fallback: "absorbed" }), "absorbed");
  const task = await group.start(async (scope, started: () => void) => {
    started();
    await ending(sleep(5, scope));
    return "value";
  }, group);
  assert.equal(await task.join(group), "value");
  await group.join();
});
