/** Random programs, judged by the guarantees. The seeds are fixed, so that what failed once fails again. */
import assert from "node:assert/strict";
import { before, describe, test } from "node:test";
import { programs } from "../runtimes/runtime.ts";
import { describeEntry } from "./describe.ts";
import { generate } from "./generate.ts";
import type { Found } from "./hunt.ts";
import { interpret } from "./interpret.ts";
import { oracles } from "./oracles.ts";
import { type Block, blocksOf, type Program, sizeOf, type Step } from "./program.ts";
import { report } from "./report.ts";
import { shrink } from "./shrink.ts";
import { survey } from "./survey.ts";

const TREES = programs(6_000);

const STEPS = `abort admit cancel checkpoint deaf defer finally forever forget fulfil join look onCancel open reschedule settled sleep
  spawn start started throw together try trySpawn vacancy wait`;
const CALLS = "all allSettled any failAfter group map moveOnAfter race shield";
const HAPPENINGS = `aborting answered asked cancelling caught closed deferred discarded discarding ended entered felt fulfilling handled heard
  left listening looked opened reported rescheduled settled spawned spawning started threw unhandled waiting woke`;

describe(`in ${TREES.toLocaleString("en")} random programs`, () => {
  let found: ReadonlyMap<string, Found>;

  before(async () => {
    found = await survey({ from: 1, trees: TREES });
  });

  for (const { guarantee, demands } of oracles) {
    test(`${guarantee}: ${demands}`, async () => {
      const one = found.get(demands);
      if (one !== undefined) assert.fail(await report(one));
    });
  }
});

test("the same seed gives the same program, and the same program the same trace", async () => {
  for (let seed = 1; seed <= 40; seed++) {
    const [one, other] = [generate(seed), generate(seed)];
    assert.deepEqual(one, other);
    const [first, second] = [await interpret(one), await interpret(other)];
    assert.deepEqual(first.entries.map(describeEntry), second.entries.map(describeEntry));
  }
});

test("every kind of step and of call is written, and everything that a trace can tell happens", async () => {
  const written = new Set<string>();
  const opened = new Set<string>();
  const told = new Set<string>();
  for (let seed = 1; seed <= 400; seed++) {
    const program = generate(seed);
    for (const step of stepsOf(program)) {
      written.add(step.do);
      if (step.do === "open") opened.add(step.opening.kind);
    }
    for (const { is } of (await interpret(program)).entries) told.add(is);
  }
  assert.deepEqual([...written].sort(), STEPS.split(/\s+/));
  assert.deepEqual([...opened].sort(), CALLS.split(" "));
  assert.deepEqual([...told].sort(), HAPPENINGS.split(/\s+/));
});

test("a shrunk program still does what it is wanted for, and little else", async () => {
  const defers = (program: Program): boolean => stepsOf(program).some((step) => step.do === "defer");
  const large = Array.from({ length: 1_000 }, (_, seed) => generate(seed)).find((program) => sizeOf(program) > 40 && defers(program))!;
  const smaller = await shrink(large, async (program) => defers(program));
  assert.equal(defers(smaller), true);
  assert.equal(sizeOf(smaller), 1);
});

function stepsOf({ root, actors }: Program): Step[] {
  const below = (block: Block): Step[] => block.flatMap((step) => [step, ...blocksOf(step).flatMap(below)]);
  return [...below(root.body), ...actors.flatMap(({ acts }) => acts)];
}
