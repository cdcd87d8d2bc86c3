import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { text } from "node:stream/consumers";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { Program } from "../../src/inspect/watch/program.ts";
import type { Change } from "../../src/inspect/watch/wire.ts";
import { overview } from "../../src/cli/inspect/top/overview.ts";
import { Tree } from "../../src/cli/inspect/page/model/tree.ts";
import { plainColours } from "../../src/cli/terminal.ts";

const path = (file: string): string => fileURLToPath(new URL(file, import.meta.url));
const node = ["--conditions=espalier:source"];

function shown(changes: readonly Change[], room = { lines: 24, width: 100 }): string[] {
  const program = new Program();
  const tree = new Tree(program.picture);
  program.hello({ pid: 4711, runtime: "node 26.10.0", command: "/srv/crawl.ts", cwd: "/srv", began: 0 });
  const resources = [{ kind: "pool", name: "database", figures: { max: 2, lent: 2, waiting: 7 }, holders: [] }];
  program.batch({ at: 5_000, changes, behind: 0, missed: 0, causes: [], resources, delays: [{ at: 5_000, mean: 0.4, max: 12 }] });
  return overview(program, tree, room, plainColours).split("\n");
}

const task = (id: number, name: string, wait: string, at: number): Change => ({ id, parent: 1, name, kind: "task", openedAt: at, waits: [wait], steps: [[at, wait]] });

test("top shows tasks that are alike as one line, wherever they are, with who has waited for longest", () => {
  const jobs = Array.from({ length: 990 }, (_, n) => task(n + 2, `fetch page ${n}`, "sleep", 1_000 + n));
  assert.deepEqual(shown([{ id: 1, name: "crawl", kind: "taskGroup", openedAt: 0, parent: 0 }, ...jobs, task(2_000, "job 17", "receive(answers)", 3_000)]), [
    "node 26.10.0, process 4711: /srv/crawl.ts",
    "991 tasks: 991 waiting, 0 running · event loop 0.4 ms late, at most 12 ms",
    "pool database: 2 of 2 lent, 7 waiting",
    "",
    "tasks  name          waits for         longest  oldest",
    "  990  fetch page #  sleep              4.00 s  4.00 s",
    "    1  job 17        receive(answers)   2.00 s  2.00 s",
  ]);
});

test("top gives a terminal nothing that would steer it", () => {
  const resources = [{ kind: "pool\u009b", name: "\u001b[2J", figures: { max: 1, lent: 1, "waiting": 1 }, holders: [] }];
  const program = new Program();
  const tree = new Tree(program.picture);
  program.hello({ pid: 1, runtime: "node\u0007 26", command: "\u001b]0;title\u0007", cwd: "/", began: 0 });
  program.batch({ at: 5_000, changes: [{ id: 1, name: "main", kind: "taskGroup", openedAt: 0, parent: 0 }, task(2, "\u001b[31mjob", "receive(\u0085)", 1_000)], behind: 0, missed: 0, causes: [], resources });
  const picture = overview(program, tree, { lines: 24, width: 100 }, plainColours);
  assert.doesNotMatch(picture.replaceAll("\n", ""), /\p{Cc}/u);
  assert.match(picture, /\ufffd\[31mjob +receive\(\ufffd\)/);
});

test("top keeps to the room of the terminal", () => {
  const jobs = Array.from({ length: 26 }, (_, n) => task(n + 2, `a task with a rather long name, ${String.fromCodePoint(97 + n)}`, "sleep", 1_000));
  const lines = shown(jobs, { lines: 12, width: 60 });
  assert.ok(lines.length <= 12, `${lines.length} lines`);
  for (const line of lines) assert.ok(line.length <= 60, line);
  assert.equal(lines.at(-1), "and 20 more");
});

async function withCrowd(body: (pid: number) => Promise<void>): Promise<void> {
  const child = spawn(process.execPath, ["--inspect-port=0", ...node, path("crowd.ts"), "idle"], { stdio: ["pipe", "pipe", "ignore"] });
  try {
    await once(child.stdout, "data");
    await body(child.pid!);
    assert.deepEqual([child.exitCode, child.signalCode], [null, null], "the program goes on");
  } finally {
    child.kill("SIGKILL");
    await once(child, "exit");
  }
}

test("espalier top, piped, prints one picture and ends", () =>
  withCrowd(async (pid) => {
    const top = spawn(process.execPath, [...node, path("../../src/cli/main.ts"), "top", String(pid)]);
    const [output, errors, [code]] = await Promise.all([text(top.stdout), text(top.stderr), once(top, "exit") as Promise<[number]>]);
    assert.deepEqual([code, errors], [0, ""]);
    assert.match(output, /^ +990 +fetchPage +sleep +> /m);
    assert.match(output, /^ +1 +job 17 +wait +> /m);
    assert.equal(output.match(/991 tasks: 991 waiting/g)?.length, 1);
  }));

test("espalier top, in a terminal, goes on until q", () =>
  withCrowd(async (pid) => {
    const command = [process.execPath, ...node, path("../../src/cli/main.ts"), "top", String(pid)].map((word) => `'${word}'`).join(" ");
    // A terminal of its own, which has to be told how large it is.
    const top = spawn("script", ["-qefc", `stty rows 24 cols 100; exec ${command}`, "/dev/null"], { env: { ...process.env, TERM: "xterm" } });
    const exit = once(top, "exit") as Promise<[number]>;
    let seen = "";
    let isAsked = false;
    for await (const chunk of top.stdout as AsyncIterable<Buffer>) {
      seen += String(chunk);
      // Shown twice, at least.
      if (isAsked || (seen.match(/job 17/g)?.length ?? 0) < 2) continue;
      isAsked = true;
      top.stdin.write("q");
    }
    assert.deepEqual(await exit, [0, null]);
    assert.match(seen, /990 +fetchPage/);
  }));
