/** What flows say of themselves while they run: what is being made, what is there, who waits. */
import assert from "node:assert/strict";
import { describe } from "node:test";
import { moveOnAfter, type Scope, sleep, taskGroup } from "espalier";
import { asCompleted, type FlowStatistics, iterate, mapStream, safeIterate, type SafeItems } from "espalier/flow";
import { scenario } from "../../tests/conformance/case.ts";

const after = (ms: number) => async (scope: Scope) => {
  await sleep(ms, scope);
  return ms;
};
const is = (flow: { statistics(): FlowStatistics }, running: number, ready: number, waiting: number): void =>
  assert.deepEqual(flow.statistics(), { running, ready, waiting });

describe("statistics() of a flow", () => {
  scenario("statistics() of asCompleted() of functions: what runs, what is there, who asks; nothing when it was left", async ({ clock }) => {
    await taskGroup(async (group) => {
      const flow = asCompleted([10, 20, 30, 90].map(after), group);
      is(flow, 0, 0, 0);
      const first = flow.next();
      is(flow, 4, 0, 1);
      await first;
      is(flow, 3, 0, 0);
      await sleep(25, group);
      is(flow, 1, 2, 0);
      await flow.return();
      is(flow, 0, 0, 0);
    }, { clock });
  });

  scenario("statistics() of asCompleted() of tasks: those that run, and those that have ended and were not given", async ({ clock }) => {
    await taskGroup(async (group) => {
      const flow = asCompleted([10, 20, 30].map((ms) => group.spawn(after(ms))), group);
      is(flow, 3, 0, 0);
      await sleep(25, group);
      is(flow, 1, 2, 0);
      for (let n = 0; n < 2; n++) await flow.next();
      const last = flow.next();
      is(flow, 1, 0, 1);
      await last;
      is(flow, 0, 0, 0);
    }, { clock });
  });

  for (const [ordered, early] of [[true, 1], [false, 0]] as const) {
    scenario(`statistics() of mapStream(), ordered: ${ordered}, counts also what is done before its turn`, async ({ clock }) => {
      await taskGroup(async (group) => {
        const flow = mapStream([30, 10, 90], (ms, scope) => after(ms)(scope), { concurrency: 3, ordered }, group);
        is(flow, 0, 0, 0);
        const first = flow.next();
        is(flow, 3, 0, 1);
        await sleep(15, group);
        is(flow, 2, early, early);
        await first;
        await sleep(30, group);
        is(flow, 1, 1, 0);
        await flow.return();
        is(flow, 0, 0, 0);
      }, { clock });
    });
  }

  scenario("statistics() of iterate() tell of an answer that is due, and of one that came when its wait was over", async ({ clock }) => {
    await taskGroup(async (group) => {
      const source = (async function* () {
        for (const ms of [20, 20]) yield await after(ms)(group);
      })();
      const flow = iterate(source, group);
      is(flow, 0, 0, 0);
      await moveOnAfter(5, async (scope) => {
        const next = flow.next(scope);
        await Promise.resolve();
        is(flow, 1, 0, 1);
        await next;
      }, { clock });
      is(flow, 1, 0, 0);
      await sleep(30, group);
      is(flow, 0, 1, 0);
      assert.equal((await flow.next()).value, 20);
      is(flow, 0, 0, 0);
      await flow.return();
    }, { clock });
  });

  scenario("statistics() of the items of safeIterate(): whether the generator works, what it yielded, who asks", async ({ clock }) => {
    await taskGroup(async (group) => {
      async function* numbers(scope: Scope): AsyncGenerator<number> {
        for (;;) yield await after(10)(scope);
      }
      let left!: SafeItems<number>;
      await safeIterate(numbers, async (items, scope) => {
        left = items;
        is(items, 0, 0, 0);
        await moveOnAfter(5, async (own) => {
          const next = items.next(own);
          await Promise.resolve().then(() => {});
          is(items, 1, 0, 1);
          await next;
        }, { clock });
        is(items, 1, 0, 0);
        await sleep(20, scope);
        is(items, 0, 1, 0);
        await items.next();
        is(items, 0, 0, 0);
      }, group);
      is(left, 0, 0, 0);
    }, { clock });
  });
});
