/** Each line says what it promises, ours and theirs. */
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { Effect } from "effect";
import { taskGroup } from "espalier";
import { runEffect } from "espalier/effect";
import { testClock } from "espalier/testing";
import { type Line, type Say, theirsOf, toolsOf } from "./line.ts";
import { lines } from "./lines.ts";
import { isAtLeast, play, pythonWith } from "./python.ts";

/** What a program says. */
async function saidBy(program: (say: Say) => unknown): Promise<string[]> {
  const said: string[] = [];
  await program((word) => said.push(String(word)));
  return said;
}

describe("ours", () => {
  for (const line of lines) {
    const { title, ours, real = false, says } = line;
    if (ours === undefined) continue;
    test(title, async () => {
      const options = real ? {} : { clock: testClock() };
      const said = await saidBy((say) => taskGroup((scope) => ours(scope, toolsOf(say)), options));
      assert.deepEqual(said, says);
    });
  }
});

describe("Effect", () => {
  for (const line of lines) {
    const theirs = theirsOf(line, "effect");
    if (theirs === undefined) continue;
    test(line.title, async () => {
      const program = theirs.code as (say: Say) => Effect.Effect<unknown, unknown>;
      const options = line.real === true ? {} : { clock: testClock() };
      assert.deepEqual(await saidBy((say) => taskGroup((scope) => runEffect(program(say), scope), options)), theirs.says);
    });
  }
});

describe("p-limit, p-map, p-queue, p-retry", () => {
  for (const line of lines) {
    const theirs = theirsOf(line, "p-limit");
    if (theirs === undefined) continue;
    test(line.title, async () => assert.deepEqual(await saidBy(theirs.code as (say: Say) => unknown), theirs.says));
  }
});

/** Each library with what runs it; Debian's package has it where Python has not. */
const pythons = [
  { guide: "asyncio", args: ["asyncio"], from: "python3, 3.11 or later" },
  { guide: "trio", args: ["trio"], from: "python3-trio" },
  { guide: "anyio", args: ["anyio", "asyncio"], from: "python3-anyio" },
  { guide: "anyio", args: ["anyio", "trio"], from: "python3-anyio and python3-trio" },
] as const;

for (const { guide, args, from } of pythons) {
  describe(args.join(" on "), () => {
    const python = pythonWith(args);
    const those = lines.flatMap((line: Line) => {
      const theirs = theirsOf(line, guide);
      return theirs === undefined ? [] : [{ title: line.title, ...theirs, code: theirs.code as string, real: line.real === true }];
    });
    let answers: ReturnType<typeof play> | undefined;

    for (const [index, { title, code, says, needs }] of those.entries()) {
      test(`in Python: ${title}`, async (context) => {
        if (python === undefined) return context.skip(`${from} is not installed`);
        const answer = (await (answers ??= play(python, args, those)))[index];
        if (needs !== undefined && !isAtLeast(python.version, needs)) return context.skip(`it is about ${guide} ${needs}, and this is ${python.version}`);
        if (answer === undefined || "failed" in answer) assert.fail(`${code}\n${answer?.failed}`);
        assert.deepEqual(answer.says, says, code);
      });
    }
  });
}
