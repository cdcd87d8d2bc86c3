import assert from "node:assert/strict";
import { type ChildProcess, type ChildProcessWithoutNullStreams, spawn } from "node:child_process";
import { once } from "node:events";
import { connect } from "node:net";
import { describe, test } from "node:test";
import { fileURLToPath } from "node:url";
import { run, type Scope } from "espalier";
import { loopbackPorts } from "../../src/inspect/linux-process.ts";
import { Link } from "../../src/inspect/watch/link.ts";
import { Program } from "../../src/inspect/watch/program.ts";
import type { Seen } from "../../src/inspect/watch/picture.ts";

type Child = ChildProcessWithoutNullStreams;

async function withChild(file: string, args: readonly string[], body: (child: Child) => Promise<void>): Promise<void> {
  const child = spawn(process.execPath, ["--inspect-port=0", "--conditions=espalier:source", fileURLToPath(new URL(file, import.meta.url)), ...args]);
  child.stderr.resume();
  try {
    await once(child.stdout, "data");
    await body(child);
  } finally {
    child.kill("SIGKILL");
    if (child.exitCode === null && child.signalCode === null) await once(child, "exit");
  }
}

/** Watches a child while `body` runs. */
function watching(child: Child, body: (program: Program, scope: Scope) => Promise<void>): Promise<void> {
  const program = new Program();
  return run(
    (scope) =>
      scope.race([
        async (own) => {
          await until(program, () => (program.picture.alive > 0 ? true : undefined), own);
          await body(program, own);
        },
        async (own) => {
          await program.attach(child.pid!, own);
          // Its end is for the body to judge.
          await own.wait(new Promise(() => {}));
        },
      ]),
    { signals: [] },
  ).then(() => {});
}

/** Waits until something of the picture is as told. */
function until<T>(program: Program, find: () => T | undefined, scope: Scope): Promise<T> {
  return scope.failAfter(10_000, async (own) => {
    for (;;) {
      const found = find();
      if (found !== undefined) return found;
      let changed!: () => void;
      const change = new Promise<void>((resolve) => (changed = resolve));
      const viewing = program.picture.view({ changed, dropped: changed });
      try {
        await own.moveOnAfter(100, (limited) => limited.wait(change));
      } finally {
        viewing[Symbol.dispose]();
      }
    }
  });
}

const named = (program: Program, name: string): Seen | undefined => [...program.picture.seen.values()].find((seen) => seen.name === name);
const say = (child: Child, line: string): void => void child.stdin.write(`${line}\n`);

describe("watching a program that runs", () => {
  test("tells all that was there, each with its parent and what it waits for", () =>
    withChild("crowd.ts", ["idle"], (child) =>
      watching(child, async (program, scope) => {
        await until(program, () => (program.picture.alive === 992 && program.picture.behind === 0 ? true : undefined), scope);
        const crawl = named(program, "crawl")!;
        assert.deepEqual([crawl.parent, crawl.kind, crawl.isOlder], [0, "taskGroup", true]);
        const job = named(program, "job 17")!;
        assert.deepEqual([job.parent, job.waits, job.steps.at(-1)![1]], [crawl.id, ["wait"], "wait"]);
        assert.equal(program.identity!.pid, child.pid);
        assert.equal(program.status, "live");
      })));

  test("tells it also of one whose event loop does not come round, and that it does not", () =>
    withChild("crowd.ts", ["busy"], (child) =>
      watching(child, async (program, scope) => {
        await until(program, () => (program.picture.alive === 992 ? true : undefined), scope);
        assert.equal(program.status, "blocked");
        assert.equal(program.identity, undefined);
      })));

  test("tells what begins, waits, is queued, and who holds a pool", () =>
    withChild("stage.ts", [], (child) =>
      watching(child, async (program, scope) => {
        say(child, "receive");
        const reader = await until(program, () => named(program, "reader"), scope);
        assert.deepEqual(reader.steps.map(([, label]) => label), ["receive(letters)"]);
        assert.equal(reader.isOlder, false);
        say(child, "queue");
        await until(program, () => [...program.picture.seen.values()].find(({ waits }) => waits[0] === "place"), scope);
        say(child, "pool");
        const holder = await until(program, () => named(program, "holder"), scope);
        const pool = await until(program, () => program.picture.resources.find(({ kind, figures }) => kind === "pool" && figures["waiting"] === 1), scope);
        assert.deepEqual(pool.holders.map(({ id }) => id), [holder.id]);
        assert.deepEqual([pool.name, pool.figures["max"], pool.figures["lent"]], ["database", 1, 1]);
        const letters = program.picture.resources.find(({ name }) => name === "letters")!;
        assert.deepEqual([letters.kind, letters.figures["capacity"], letters.figures["waitingReceivers"]], ["channel", 4, 1]);
        say(child, "warn");
        await until(program, () => program.picture.warnings.find(({ text }) => text.startsWith("this pool waits for itself")), scope);
      })));

  test("tells why something was cancelled, back to what failed", () =>
    withChild("stage.ts", [], (child) =>
      watching(child, async (program, scope) => {
        say(child, "fail");
        const bystander = await until(program, () => [named(program, "bystander")].find((seen) => seen?.outcome === "cancelled"), scope);
        const chain = program.picture.causes.get(bystander.cause!)!;
        assert.deepEqual(
          chain.map(({ text, source, by }) => [text, source, by]),
          [
            ['"writer" failed, so what runs beside it was cancelled: Error: the disk is full', "sibling", "writer"],
            ["Error: the disk is full", undefined, undefined],
            ["Error: ENOSPC", undefined, undefined],
          ],
        );
        const writer = named(program, "writer")!;
        assert.deepEqual([writer.outcome, writer.error], ["failed", "Error: the disk is full"]);
        assert.ok(bystander.cancelledAt! <= bystander.endedAt!);
      })));

  test("leaves the program as it was: no inspector, no probe, and it runs", () =>
    withChild("stage.ts", [], async (child) => {
      await watching(child, async (program) => {
        assert.equal(program.status, "live");
      });
      for (;;) {
        say(child, "state");
        const [answer] = (await once(child.stdout, "data")) as [Buffer];
        if ((JSON.parse(String(answer)) as { outposts: number }).outposts === 0) break;
      }
      while (loopbackPorts(child.pid!).length > 0) await new Promise((resolve) => setImmediate(resolve));
      assert.deepEqual([child.exitCode, child.signalCode], [null, null]);
    }));

  test("tells the end of the program, which is not delayed, with its last facts and its code", () =>
    withChild("stage.ts", [], (child) =>
      watching(child, async (program, scope) => {
        say(child, "receive");
        say(child, "exit");
        const [code] = (await once(child, "exit")) as [number];
        await program.over(scope);
        assert.deepEqual([code, program.exitCode, program.status], [3, 3, "over"]);
        assert.ok(named(program, "reader") !== undefined, "what began in the last turn was told");
      })));
});

describe("a program that was begun", () => {
  const begin = [process.execPath, "--conditions=espalier:source", fileURLToPath(new URL("patient.ts", import.meta.url)), "begin"];

  async function interrupted(begun: ChildProcess, interrupt: () => void): Promise<[code: number, said: string]> {
    const exit = once(begun, "exit") as Promise<[number]>;
    let said = "";
    let isAsked = false;
    for await (const chunk of begun.stdout as AsyncIterable<Buffer>) {
      said += String(chunk);
      if (!isAsked && said.includes("ready")) interrupt();
      isAsked ||= said.includes("ready");
    }
    return [(await exit)[0], said];
  }

  test("cleans up in its own time, where the terminal has sent Ctrl-C to both", async () => {
    const begun = spawn("script", ["-qefc", `exec ${begin.map((word) => `'${word}'`).join(" ")}`, "/dev/null"]);
    const [code, said] = await interrupted(begun, () => begun.stdin.write("\u0003"));
    assert.match(said, /cleaned up/);
    assert.equal(code, 130);
  });

  test("is told to end where there is no terminal that tells it", async () => {
    const begun = spawn(begin[0]!, begin.slice(1), { stdio: ["ignore", "pipe", "ignore"] });
    const [code, said] = await interrupted(begun, () => begun.kill("SIGINT"));
    assert.match(said, /cleaned up/);
    assert.equal(code, 130);
  });
});

describe("the link", () => {
  const deaf = { hello() {}, batch() {}, bye() {}, closed() {} };

  test("takes nobody who does not know the token", () =>
    run(
      (scope) =>
        Link.during(deaf, scope, async ({ port, token }) => {
          for (const said of ["\n", `${"x".repeat(token.length)}\n`, `${token}x\n`, "y".repeat(5_000)]) {
            const socket = connect(port, "127.0.0.1");
            socket.on("error", () => {});
            socket.write(said);
            await once(socket, "close");
          }
        }),
      { signals: [] },
    ));

  test("takes one program, and one only", () =>
    run(
      (scope) =>
        Link.during(deaf, scope, async ({ port, token }) => {
          const hello = { hello: { pid: 1, runtime: "node 26", command: "x.ts", cwd: "/", began: 0 } };
          const first = connect(port, "127.0.0.1");
          first.write(`${token}\n${JSON.stringify(hello)}\n`);
          const [answer] = (await once(first, "data")) as [Buffer];
          assert.equal(String(answer), '{"next":[]}\n');
          const second = connect(port, "127.0.0.1");
          const [error] = (await once(second, "error")) as [NodeJS.ErrnoException];
          assert.equal(error.code, "ECONNREFUSED");
          first.destroy();
        }),
      { signals: [] },
    ));

  test("takes what is in a text for nothing but text", () =>
    run(
      async (scope) => {
        let said!: (command: string) => void;
        const command = new Promise<string>((resolve) => (said = resolve));
        const closed = (failure?: Error): void => said(String(failure));
        await Link.during({ ...deaf, closed, hello: (hello) => said(hello.command) }, scope, async ({ port, token }) => {
          const socket = connect(port, "127.0.0.1");
          socket.write(`${token}\n${JSON.stringify({ hello: { pid: 1, runtime: "node 26", command: "one\u2028two\u2029three", cwd: "/", began: 0 } })}\n`);
          assert.equal(await command, "one\u2028two\u2029three");
          socket.destroy();
        });
      },
      { signals: [] },
    ));

  test("tells one that says what nobody understands, and hangs up", () =>
    run(
      async (scope) => {
        let closed!: (failure: unknown) => void;
        const failure = new Promise<unknown>((resolve) => (closed = resolve));
        await Link.during({ ...deaf, closed }, scope, async ({ port, token }) => {
          const socket = connect(port, "127.0.0.1");
          socket.write(`${token}\n{"at":"noon"}\n`);
          assert.match(String(await failure), /not understood/);
          await once(socket.resume(), "close");
        });
      },
      { signals: [] },
    ));
});
