/** G10: what a scope with a time limit gives when it was cut short, and by what. */
import assert from "node:assert/strict";
import { describe } from "node:test";
import { CancelledError, type CancelScope, failAfter, moveOnAfter, type Scope, sleep, sleepForever, taskGroup, TimeoutError } from "espalier";
import { ending, isA, scenario, thrownBy } from "../case.ts";

/** A scope of 10 ms, in three forms that differ in what they give for their own cancellation. */
const forms: Record<string, (scope: Scope, body: (scope: CancelScope) => unknown) => Promise<unknown>> = {
  failAfter: (scope, body) => scope.failAfter(10, body, { name: "the limited scope" }),
  moveOnAfter: (scope, body) => scope.moveOnAfter(10, body, { name: "the limited scope", fallback: "fallback" }),
  "shield with timeout": (scope, body) => scope.shield(body, { name: "the limited scope", timeout: 10 }),
};

/** What happens in the scope, and what each form gives; a string is a value, a class the error, with its source. */
interface Story {
  readonly title: string;
  readonly body: (scope: CancelScope, outer: CancelScope) => unknown;
  readonly deadline?: true;
  readonly explicit?: true;
  readonly value?: unknown;
}
const stories: Story[] = [
  { title: "the deadline interrupts the body", body: (scope) => sleepForever(scope), deadline: true },
  { title: "the deadline interrupts a task of the body", body: (scope) => scope.group((group) => void group.spawn(sleepForever)), deadline: true },
  { title: "the body throws a platform's abort error for it", body: (scope) => sleepForever(scope).catch(() => Promise.reject(AbortSignal.abort().reason)), deadline: true },
  { title: "the deadline first, then cancel() in the cleanup", body: (scope) => sleepForever(scope).finally(() => scope.cancel()), deadline: true },
  { title: "cancel() before the deadline", body: (scope) => (scope.cancel("enough"), sleepForever(scope)), explicit: true },
  {
    title: "cancel(), and a cleanup that lasts beyond the deadline",
    body: (scope) => (scope.cancel("enough"), sleepForever(scope).finally(() => scope.shield((shield) => sleep(50, shield)))),
    explicit: true,
  },
  { title: "the body returns in time", body: (scope) => sleep(9, scope).then(() => "value"), value: "value" },
  { title: "the body swallows the deadline and returns", body: (scope) => sleepForever(scope).catch(() => "swallowed"), value: "swallowed" },
  { title: "the body swallows a cancel() and returns", body: (scope) => (scope.cancel(), scope.checkpoint().catch(() => "swallowed")), value: "swallowed" },
  { title: "the body shields itself beyond the deadline and returns", body: (scope) => scope.shield((shield) => sleep(50, shield).then(() => "late")), value: "late" },
  { title: "cancel(), and the body returns without waiting", body: (scope) => (scope.cancel(), "value"), value: "value" },
];

for (const [form, open] of Object.entries(forms)) {
  describe(`G10: ${form}`, () => {
    for (const { title, body, deadline, explicit, value } of stories) {
      scenario(`G10: ${form}: ${title}`, async ({ clock }) => {
        await moveOnAfter(
          Infinity,
          async (outer) => {
            const end = await ending(open(outer, (scope) => body(scope, outer)));
            if (deadline === undefined && explicit === undefined) assert.deepEqual(end, { value });
            else if (form === "moveOnAfter") assert.deepEqual(end, { value: "fallback" });
            else {
              assert.ok("error" in end);
              if (deadline === true) {
                const { ms, cause } = isA(end.error, TimeoutError);
                assert.deepEqual([ms, cause.source, cause.by], [10, "deadline", "the limited scope"]);
              } else {
                const { source, reason, by } = isA(end.error, CancelledError);
                assert.deepEqual([source, reason, by], ["explicit", "enough", "the limited scope"]);
              }
            }
            assert.equal(outer.cancelled, false);
            await outer.checkpoint();
          },
          { clock },
        );
      });
    }
  });
}

describe("G10: an outer cancellation is not this scope's", () => {
  for (const form of ["failAfter", "moveOnAfter"] as const) {
    const open = forms[form]!;
    const stories: Record<string, (outer: CancelScope, scope: CancelScope) => unknown> = {
      "before the deadline": (outer, scope) => (outer.cancel(), sleepForever(scope)),
      "by its own earlier deadline": (outer, scope) => (outer.reschedule(5), sleepForever(scope)),
      "after the deadline, during the cleanup": (outer, scope) => sleepForever(scope).finally(() => outer.cancel()),
      "after a cancel(), during the cleanup": (outer, scope) => (scope.cancel(), sleepForever(scope).finally(() => outer.cancel())),
    };
    for (const [when, story] of Object.entries(stories)) {
      scenario(`G10: ${form} passes it on: ${when}`, async ({ clock }) => {
        const value = await moveOnAfter(
          Infinity,
          async (outer) => {
            const error = await thrownBy(open(outer, (scope) => story(outer, scope)));
            assert.equal(error, outer.reason);
            await outer.checkpoint();
          },
          { clock, fallback: "the outer's fallback" },
        );
        assert.equal(value, "the outer's fallback");
      });
    }

    scenario(`G10: ${form} opened in a cancelled scope passes its cancellation on, never its own`, async ({ clock }) => {
      const value = await moveOnAfter(
        Infinity,
        async (outer) => {
          outer.cancel();
          assert.equal(await thrownBy(open(outer, (scope) => (scope.reschedule(-1), scope.checkpoint()))), outer.reason);
          await outer.checkpoint();
        },
        { clock, fallback: "the outer's fallback" },
      );
      assert.equal(value, "the outer's fallback");
    });
  }
});

describe("G10: details", () => {
  scenario("G10: a TimeoutError names the scope and the time, and is no cancellation", async ({ clock }) => {
    const error = isA(await thrownBy(failAfter(40, sleepForever, { clock, name: "lookup" })), TimeoutError);
    assert.match(error.message, /lookup/);
    assert.match(error.message, /40/);
    assert.equal(error.name, "TimeoutError");
  });

  scenario("G10: a cleanup is waited for before the TimeoutError is thrown, also with a limit of 0", async ({ clock }) => {
    for (const ms of [10, 0]) {
      const before = clock.now();
      const log: string[] = [];
      isA(
        await thrownBy(
          failAfter(
            ms,
            (scope) => sleepForever(scope).finally(() => scope.shield((shield) => sleep(100, shield).then(() => log.push("cleaned up")))),
            { clock },
          ),
        ),
        TimeoutError,
      );
      assert.deepEqual(log, ["cleaned up"]);
      assert.equal(clock.now() - before, ms + 100);
    }
  });

  scenario("G10: an explicit cancel() of a moveOnAfter without a fallback gives undefined", async ({ clock }) => {
    assert.equal(await moveOnAfter(10, (scope) => (scope.cancel(), scope.checkpoint()), { clock }), undefined);
  });

  scenario("G10: the code after a caught TimeoutError is not cancelled", async ({ clock }) => {
    await taskGroup(
      async (group) => {
        isA(await thrownBy(group.failAfter(10, sleepForever)), TimeoutError);
        await sleep(10, group);
        assert.equal(group.cancelled, false);
      },
      { clock },
    );
    assert.equal(clock.now(), 20);
  });
});
