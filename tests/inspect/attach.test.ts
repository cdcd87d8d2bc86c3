import assert from "node:assert/strict";
import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { createRequire } from "node:module";
import { text } from "node:stream/consumers";
import { describe, test } from "node:test";
import { fileURLToPath } from "node:url";
import { run } from "espalier";
import { AttachError } from "../../src/inspect/attach-error.ts";
import { dumpOf } from "../../src/inspect/attach.ts";
import { dumpText } from "../../src/inspect/dump-text.ts";
import type { Dump } from "../../src/inspect/dump.ts";
import { factsOf, loopbackPorts } from "../../src/inspect/linux-process.ts";

const program = fileURLToPath(new URL("crowd.ts", import.meta.url));
const bun = createRequire(import.meta.url).resolve("bun/bin/bun.exe");

async function withCrowd(command: string, args: readonly string[], body: (child: ChildProcess) => Promise<void>): Promise<void> {
  // Any port: the usual one may be taken.
  const before = command === bun ? [] : command === "unshare" ? ["-rn", process.execPath, "--inspect-port=0"] : ["--inspect-port=0"];
  const child = spawn(command, [...before, "--conditions=espalier:source", program, ...args], { stdio: ["pipe", "pipe", "pipe"] });
  try {
    await once(child.stdout, "data");
    await body(child);
  } finally {
    child.kill("SIGKILL");
    if (child.exitCode === null && child.signalCode === null) await once(child, "exit");
  }
}

describe("looking into a running program", () => {
  for (const how of ["idle", "busy"]) {
    test(`one that is ${how} shows its tree, and equal tasks as one line`, () =>
      withCrowd(process.execPath, [how], async ({ pid }) => {
        const said: string[] = [];
        let shown = 0;
        const show = (): void => {
          // As soon as it is there: its inspector is closed afterwards.
          shown = loopbackPorts(pid!).length;
        };
        const dump = await run((scope) => dumpOf(pid!, scope, { show, say: (text) => said.push(text) }), { signals: [] });
        assert.equal(shown, 1);
        assert.equal(dump.pid, pid);
        assert.equal(dump.total, 992);
        const lines = dumpText(dump).split("\n");
        assert.match(lines[0]!, /^node \d+\.\d+\.\d+, process \d+: 992 scopes and tasks$/);
        assert.equal(lines[1], how === "idle" ? "└─ crawl taskGroup  sleep" : "└─ crawl taskGroup");
        assert.deepEqual(lines.slice(2), ["   ├─ 990 × fetchPage  sleep", "   └─ job 17  wait"]);
        // It is closed, or it is said that it is not.
        assert.deepEqual([said.length, loopbackPorts(pid!).length], how === "idle" ? [0, 0] : [1, 1]);
        if (how === "busy") assert.match(said[0]!, /inspector of process \d+ stays open, on port \d+, until its event loop comes round/);
      }));
  }

  test("one whose timers stand still is left without an inspector", () =>
    withCrowd(process.execPath, ["no timers"], async ({ pid }) => {
      await run((scope) => dumpOf(pid!, scope), { signals: [] });
      assert.deepEqual(loopbackPorts(pid!), []);
    }));

  test("a look that is given up before the inspector is open closes it all the same", (context) =>
    withCrowd(process.execPath, ["idle"], async (child) => {
      const opened = once(child.stderr!, "data");
      const { kill } = process;
      await run(
        (scope) =>
          scope.moveOnAfter(Infinity, (own) => {
            context.mock.method(process, "kill", (pid: number, signal: string) => {
              own.cancel();
              return kill.call(process, pid, signal);
            });
            return dumpOf(child.pid!, own);
          }),
        { signals: [] },
      );
      assert.match(String(await opened), /Debugger listening/);
      assert.deepEqual(loopbackPorts(child.pid!), []);
    }));

  for (const when of ["before it is asked", "when it is asked"]) {
    test(`one that ends ${when} is told`, (context) =>
      withCrowd(process.execPath, ["idle"], async ({ pid }) => {
        const { kill } = process;
        context.mock.method(process, "kill", (to: number) => {
          if (when === "before it is asked") throw new Error("kill ESRCH");
          return kill.call(process, to, "SIGKILL");
        });
        await assert.rejects(run((scope) => dumpOf(pid!, scope), { signals: [] }), (error: unknown) => error instanceof AttachError && /ESRCH|has ended/.test(error.message));
      }));
  }

  test("its own servers are not asked", () =>
    withCrowd(process.execPath, ["serving"], async (child) => {
      assert.equal(loopbackPorts(child.pid!).length, 1);
      const came = text(child.stdout!);
      const dump = await run((scope) => dumpOf(child.pid!, scope), { signals: [] });
      assert.equal(dump.total, 992);
      child.kill("SIGKILL");
      assert.equal(await came, "");
    }));

  test("one that would die of being asked is left alone, and told why", () =>
    withCrowd(bun, ["idle"], async (child) => {
      assert.equal(factsOf(child.pid!)?.takesSignal, false);
      await assert.rejects(run((scope) => dumpOf(child.pid!, scope), { signals: [] }), (error: unknown) => error instanceof AttachError && /left alone/.test(error.message));
      assert.deepEqual([child.exitCode, child.signalCode], [null, null]);
    }));

  test("one in a network of its own is left alone, and told where to look from", (context) => {
    if (spawnSync("unshare", ["-rn", "true"]).status !== 0) return context.skip("this machine gives nobody a network of his own");
    return withCrowd("unshare", ["idle"], async (child) => {
      await assert.rejects(
        run((scope) => dumpOf(child.pid!, scope), { signals: [] }),
        (error: unknown) => error instanceof AttachError && /in a network of its own/.test(error.message) && /in the container/.test(error.wayOut),
      );
      const said = text(child.stderr!);
      child.kill("SIGKILL");
      assert.equal(await said, "", "it was not asked");
    });
  });

  test("one that is not there is told", () => assert.rejects(run((scope) => dumpOf(2 ** 22 + 1, scope), { signals: [] }), /no Node\.js, Bun or Deno program/));
});

test("lines are cut where the terminal ends", () => {
  const dump = { pid: 1, runtime: "node 26", total: 1, roots: [{ name: "a task with a very long name", kind: "task", state: "running", waits: ["sleep"], children: [] }] } as const;
  assert.equal(dumpText(dump, 20).split("\n")[1], "└─ a task with a ve…");
});

test("what would steer a terminal is replaced: in the tree, in errors, in JSON, and in the list of programs", async () => {
  const steering = "\u001b[2J\u007f\u009b31m";
  const shown = "\ufffd[2J\ufffd\ufffd31m";
  const entry = { name: steering, kind: "task", state: "cancelling", cause: steering, waits: [steering], children: [] } as const;
  const resources = [{ kind: "pool", name: steering, figures: { max: 1, waiting: 1 }, holders: [steering] }];
  const lines = dumpText({ pid: 1, runtime: "node 26", total: 1, roots: [entry], resources }).split("\n");
  assert.deepEqual(lines.slice(1), [`└─ ${shown}  ${shown}  cancelling: ${shown}`, `pool ${shown}  max 1, waiting 1; held by ${shown}`]);
  assert.equal(new AttachError(steering, "").message, shown);
  await withCrowd(process.execPath, ["idle", steering], async ({ pid }) => {
    const espalier = async (...words: string[]): Promise<string> => {
      const command = spawn(process.execPath, ["--conditions=espalier:source", fileURLToPath(new URL("../../src/cli/main.ts", import.meta.url)), ...words]);
      const [output] = await Promise.all([text(command.stdout), once(command, "close")]);
      return output;
    };
    const listed = await espalier("ps");
    assert.match(listed, new RegExp(`^ *${pid} .*\\ufffd\\[2J`, "m"));
    assert.doesNotMatch(listed.replaceAll("\n", ""), /\p{Cc}/u);
    const dump = await espalier("dump", String(pid));
    assert.doesNotMatch(dump.replaceAll("\n", ""), /\p{Cc}/u);
    assert.equal((JSON.parse(dump) as Dump).roots[0]!.name, steering);
  });
});

test("a pool for which somebody waits is told, with who holds it", () => {
  const resources = [
    { kind: "pool", name: "database", figures: { max: 2, lent: 2, idle: 0, waiting: 6 }, holders: ["follow changes", "job 17"] },
    { kind: "channel", name: "letters", figures: { capacity: -1, buffered: 3, waitingReceivers: 0 }, holders: [] },
  ];
  assert.deepEqual(dumpText({ pid: 1, runtime: "node 26", total: 0, roots: [], resources }).split("\n").slice(1), ["pool database  max 2, lent 2, waiting 6; held by follow changes, job 17"]);
});

test("siblings whose names differ by a number only are one line, if they are alike in all else", () => {
  const entry = (name: string, waits: string[]) => ({ name, kind: "task", state: "running", waits, children: [] }) as const;
  const roots = [entry("job 1", ["sleep"]), entry("job 2", ["sleep"]), entry("job 17", ["lock"]), entry("job 3", ["sleep"])];
  assert.deepEqual(dumpText({ pid: 1, runtime: "node 26", total: 4, roots }).split("\n").slice(1), ["├─ 3 × job #  sleep", "└─ job 17  lock"]);
});
