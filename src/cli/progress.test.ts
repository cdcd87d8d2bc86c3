import assert from "node:assert/strict";
import { PassThrough } from "node:stream";
import { text } from "node:stream/consumers";
import { test } from "node:test";
import { startProgress } from "./progress.ts";
import { type Terminal, plainColours } from "./terminal.ts";

function recording(properties: object): { terminal: Terminal; written(): Promise<string> } {
  const stream = Object.assign(new PassThrough(), properties);
  const terminal = { output: process.stdout, errors: stream as unknown as NodeJS.WriteStream, colours: plainColours, errorColours: plainColours };
  return {
    terminal,
    written: () => {
      stream.end();
      return text(stream);
    },
  };
}

test("progress in a pipe is a plain line for each tenth, with the time that is left once it can be told", async () => {
  const { terminal, written } = recording({});
  let now = 0;
  const progress = startProgress(20, terminal, () => now);
  for (let step = 0; step < 20; step++) {
    progress.step("fan-out", `round ${step}`);
    now += 1_000;
  }
  progress.done();
  const lines = (await written()).trimEnd().split("\n");
  assert.equal(lines.length, 10);
  assert.equal(lines[0], "  0 % fan-out");
  assert.equal(lines[5], " 50 % fan-out, about 10 s left");
});

test("progress in a pipe tells a change of phase at once", async () => {
  const { terminal, written } = recording({});
  const progress = startProgress(100, terminal, () => 0);
  progress.step("fan-out", "a");
  progress.step("failing run", "b");
  progress.done();
  assert.deepEqual((await written()).trimEnd().split("\n"), ["  0 % fan-out", "  1 % failing run"]);
});

test("progress in a terminal is one line that says what is being done, and is taken away at the end", async () => {
  const { terminal, written } = recording({ isTTY: true, columns: 80, rows: 20 });
  const progress = startProgress(2, terminal, () => 0);
  progress.step("fan-out", "round 1 of 1 · fetch · Promise.all");
  progress.step("fan-out", "round 1 of 1 · fetch · map");
  progress.done();
  const all = await written();
  assert.match(all, /━{20} {3}0 % fan-out · round 1 of 1 · fetch · Promise\.all/);
  assert.match(all, /━{20} {2}50 % fan-out · round 1 of 1 · fetch · map/);
  assert.ok(all.lastIndexOf("\u001b[2K") > all.lastIndexOf("map"), "the line is erased after its last text");
});

test("progress of steps that have parts is told by what is done of them", async () => {
  const { terminal, written } = recording({});
  let now = 0;
  const progress = startProgress(2, terminal, () => now);
  for (const done of [0, 0.25, 0.5, 1, 1.5]) {
    progress.at(done, "core", "round");
    now += 1_000;
  }
  assert.deepEqual((await written()).trimEnd().split("\n"), ["  0 % core", " 12 % core", " 25 % core", " 50 % core, about 3 s left", " 75 % core, about 2 s left"]);
});
