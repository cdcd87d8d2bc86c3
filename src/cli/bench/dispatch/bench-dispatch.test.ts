/** The command as a user calls it, from end to end, with small numbers. */
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { text } from "node:stream/consumers";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import type { DispatchReport, DispatchRow } from "./benchmark.ts";

const main = fileURLToPath(new URL("../../main.ts", import.meta.url));

async function espalier(...args: string[]): Promise<{ code: number | null; output: string; errors: string }> {
  const child = spawn(process.execPath, ["--conditions=espalier:source", main, "bench", "dispatch", ...args], { env: { ...process.env, NO_COLOR: "1" } });
  const [output, errors, [code]] = await Promise.all([text(child.stdout), text(child.stderr), once(child, "close") as Promise<[number | null]>]);
  return { code, output, errors };
}

test("espalier bench dispatch --json prints the figures of every way", async () => {
  const { code, output, errors } = await espalier("--tasks", "50", "--rounds", "2", "--json");
  assert.equal(code, 0, errors);
  const { workload, rows } = JSON.parse(output) as DispatchReport;
  assert.deepEqual([workload.tasks, workload.rounds], [50, 2]);
  const measured = rows as readonly DispatchRow[];
  assert.deepEqual(measured.map(({ way }) => way.replace(/ \d+\.\d+\.\d+/, "")), ["Promise.all", "taskGroup", "all", "effect forEach", "effection all"]);
  assert.deepEqual(measured.map(({ tasks }) => tasks), [50, 50, 50, 50, 5]);
  assert.equal(measured[0]!.ratio.median, 1);
  assert.ok(measured.every(({ rounds, micros, ratio }) => rounds.length === 2 && micros > 0 && ratio.median > 0));
});

test("espalier bench dispatch prints a table in which the library's own ways stand beside the others", async () => {
  const { code, output, errors } = await espalier("--tasks", "20", "--rounds", "1");
  assert.equal(code, 0, errors);
  assert.match(output, /20 tasks with one await each/);
  assert.match(output, /^Promise\.all +[\d.e+]+ µs +1\.00 +1\.00–1\.00 +20$/m);
  assert.match(output, /^taskGroup +[\d.e+]+ µs /m);
  assert.ok(output.split("\n").every((line) => line.length <= 100));
});

test("espalier bench dispatch refuses a number that makes no sense", async () => {
  const { code, errors } = await espalier("--tasks", "10,000");
  assert.equal(code, 2);
  assert.match(errors, /--tasks takes a whole number from 1 to 1000000; write it with digits only\./);
});
