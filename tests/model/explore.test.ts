/** Random programs under explored orders of the library's wake-ups, judged by the guarantees. The seeds are fixed. */
import assert from "node:assert/strict";
import { before, describe, test } from "node:test";
import { programs } from "../runtimes/runtime.ts";
import { describeEntry } from "./describe.ts";
import { explored, explorers, type JudgeRun, ordersOf, scheduled } from "./explored.ts";
import { generate } from "./generate.ts";
import type { Found } from "./hunt.ts";
import { interpret, type Run } from "./interpret.ts";
import { oracles } from "./oracles.ts";
import type { Program } from "./program.ts";
import { report } from "./report.ts";
import { survey } from "./survey.ts";

const TREES = programs(1_000);
const ORDERS = 2;

describe(`in ${TREES.toLocaleString("en")} random programs, each under ${ORDERS} orders beside the usual one`, () => {
  const { guarantee: explorer, ends, repeats } = explorers;
  let found: ReadonlyMap<string, Found>;

  before(async () => {
    found = await survey({ from: 1, trees: TREES, orders: ORDERS });
  });

  for (const { guarantee, demands } of [...oracles, { guarantee: explorer, demands: ends }, { guarantee: explorer, demands: repeats }]) {
    test(`${guarantee}: ${demands}`, async () => {
      const one = found.get(demands);
      if (one !== undefined) assert.fail(await report(one));
    });
  }
});

test("an order from the same seed gives the same trace, and one from another seed another where a program leaves anything to decide", async () => {
  let others = 0;
  for (let seed = 1; seed <= 100; seed++) {
    const [first, second] = [await tracesOf(seed), await tracesOf(seed)];
    assert.deepEqual(first, second);
    if (new Set(first).size > 1) others++;
  }
  assert.ok(others > 20, `${others} of 100`);
});

test("in the usual order the explorer changes nothing in most programs", async () => {
  let alike = 0;
  for (let seed = 1; seed <= 100; seed++) {
    const [usual] = await tracesOf(seed);
    if (usual === traceOf(await interpret(generate(seed)))) alike++;
  }
  assert.ok(alike > 50, `${alike} of 100`);
});

test("what is found is found again under the schedule that was printed, which has the turns that it takes and no others", async () => {
  const program: Program = {
    root: { kind: "group", name: "g1", body: [task("t2"), task("t3"), task("t4")] },
    signal: false,
    actors: [],
    watch: "probe",
  };
  const found = await explored(program, ordersOf(1, 20), overtaking);
  assert.match(found!.schedule!, /^\d+:\d+$/);
  const again = await scheduled(program, found!.schedule!, overtaking);
  assert.deepEqual(again.violations, found!.violations);
  assert.equal(traceOf(again.run), traceOf(found!.run));
});

function task(name: string): Program["root"]["body"][number] {
  return { do: "spawn", group: "g1", task: { name, daemon: false, body: [{ do: "checkpoint" }, { do: "checkpoint" }] } };
}

/** Nothing forbids that the last of three tasks ends first. */
const overtaking: JudgeRun = ({ entries }) => {
  const first = entries.find((entry) => entry.is === "ended");
  return first?.is === "ended" && first.task === "t4" ? [{ guarantee: "none", demands: "nothing", what: "t4 was first" }] : [];
};

/** What happens in a program under each of its orders, the usual one first. */
async function tracesOf(seed: number): Promise<string[]> {
  const traces: string[] = [];
  await explored(generate(seed), ordersOf(seed, ORDERS), (run) => {
    traces.push(traceOf(run));
    return [];
  });
  return traces;
}

function traceOf({ entries }: Run): string {
  return entries.map(describeEntry).join("\n");
}
