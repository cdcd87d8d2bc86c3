import assert from "node:assert/strict";
import { test } from "node:test";
import { interleave, measureRounds, watchRounds } from "./measure.ts";
import { canAsk } from "./proc.mjs";

const module = new URL("fixtures/ways.ts", import.meta.url).href;
const few = { rounds: 3, fewest: 3, warmUps: 1 };

test("a way has one process for all rounds, in which it is warmed up", async () => {
  const measured = await measureRounds<number>(module, [{ name: "counts" }], few);
  assert.deepEqual(measured.get("counts")!.amounts, [2, 3, 4]);
});

test("a way has a process for each sample where the plan says so", async () => {
  const measured = await measureRounds<number>(module, [{ name: "counts" }], { ...few, fresh: true });
  assert.deepEqual(measured.get("counts")!.amounts, [1, 1, 1]);
});

test("a sample is told its question, and may be more than a number", async () => {
  const measured = await measureRounds(module, [{ name: "on Node.js", way: "echoes", about: { tasks: 7 } }], few);
  assert.deepEqual(measured.get("on Node.js")!.amounts[0], { question: { tasks: 7 } });
});

test("a way that fails is lost with its reason, and costs the others nothing", async () => {
  const measured = await measureRounds<number>(module, [{ name: "counts" }, { name: "fails later" }, { name: "fails at once" }], few);
  assert.deepEqual(measured.get("counts")!.amounts, [2, 3, 4]);
  for (const name of ["fails later", "fails at once"]) {
    const { amounts, lost } = measured.get(name)!;
    assert.deepEqual(amounts, []);
    assert.match(lost!, new RegExp(`the process that measures ${name} ended without an answer`));
  }
});

test("interleave() rejects when one of its ways fails: a ratio needs both", async () => {
  await assert.rejects(interleave(module, ["counts", "fails later"], few), /the process that measures fails later/);
});

test("a round is told before it begins, with how many there are", async () => {
  const told: string[] = [];
  watchRounds((round, rounds) => told.push(`${round}/${rounds}`));
  await measureRounds<number>(module, [{ name: "counts" }], few);
  watchRounds(() => {});
  assert.deepEqual(told, ["0/4", "1/4", "2/4", "3/4"]);
});

test("what a sample computed and occupies is asked of the system where the plan says so", { skip: !canAsk }, async () => {
  const measured = await measureRounds<number>(module, [{ name: "counts" }], { ...few, accounts: true });
  const { accounts, peak } = measured.get("counts")!;
  assert.equal(accounts.length, 3);
  assert.ok(accounts.every(({ occupied, computed }) => occupied > 10 && computed >= 0));
  assert.ok(peak! > 10);
});
