/** Child processes under a scope: what they give, how they are ended, and that none is left. */
import assert from "node:assert/strict";
import { describe } from "node:test";
import { CancelledError, MisuseError, moveOnAfter, type Scope, taskGroup, TaskGroupError } from "espalier";
import { ProcessError, runProcess, spawnProcess } from "espalier/process";
import { isA, scenario, thrownBy } from "../conformance/case.ts";
import { untilGone } from "../processes/trial.ts";

const node = process.execPath;
const run = (script: string, scope: Scope, options?: Parameters<typeof runProcess>[3]) => runProcess(node, ["-e", script], scope, options);
const endless = "console.log('ready'); setInterval(() => {}, 1_000);";
/** Does not end when it is asked to. */
const stubborn = `process.on('SIGTERM', () => console.log('no')); ${endless}`;

/** A group whose end is an ordinary value, and which rethrows failures bare. */
const trial = (body: Parameters<typeof taskGroup>[0]): Promise<unknown> => taskGroup(body, { errors: "first" });

describe("runProcess()", () => {
  scenario("gives what it wrote and how it ended", async () => {
    await trial(async (group) => {
      const { stdout, stderr, exitCode, signal, isTruncated } = await run("console.log('out'); console.error('err')", group);
      assert.deepEqual([stdout, stderr, exitCode, signal, isTruncated], ["out\n", "err\n", 0, null, false]);
    });
  });

  scenario("gives the process a text to read", async () => {
    await trial(async (group) => {
      const { stdout } = await run("process.stdin.pipe(process.stdout)", group, { stdin: { text: "hello" } });
      assert.equal(stdout, "hello");
    });
  });

  scenario("throws a ProcessError with what was written when it ends with another code than 0", async () => {
    await trial(async (group) => {
      const error = isA(await thrownBy(run("console.error('no disk'); process.exitCode = 3", group)), ProcessError);
      assert.deepEqual([error.exitCode, error.signal, error.stderr, error.code], [3, null, "no disk\n", "PROCESS_FAILED"]);
      assert.match(error.message, /ended with code 3:\nno disk/);
    });
  });

  scenario("throws one when a signal of somebody else's ended it", async () => {
    await trial(async (group) => {
      const error = isA(await thrownBy(run("process.kill(process.pid, 'SIGKILL')", group)), ProcessError);
      assert.deepEqual([error.exitCode, error.signal], [null, "SIGKILL"]);
    });
  });

  scenario("gives any code where that was asked for", async () => {
    await trial(async (group) => assert.equal((await run("process.exit(7)", group, { anyCode: true })).exitCode, 7));
  });

  scenario("throws the system's error when the command cannot be started", async () => {
    await trial(async (group) => {
      const error = isA(await thrownBy(runProcess("/no/such/program", [], group)), Error);
      assert.equal((error as NodeJS.ErrnoException).code, "ENOENT");
    });
  });

  scenario("keeps the last bytes only", async () => {
    await trial(async (group) => {
      const { stdout, isTruncated } = await run("process.stdout.write('x'.repeat(300_000) + 'end')", group, { keep: 5 });
      assert.deepEqual([stdout, isTruncated], ["xxend", true]);
    });
  });

  scenario("does not start anything in a cancelled scope", async () => {
    await moveOnAfter(Infinity, async (scope) => {
      scope.cancel();
      isA(await thrownBy(runProcess("/no/such/program", [], scope)), CancelledError);
    });
  });

  scenario("refuses a pipe that nobody would have, and what makes no sense, and starts nothing", async () => {
    const exits = process.listenerCount("exit");
    await trial(async (group) => {
      isA(await thrownBy(run("", group, { stdout: "pipe" })), TypeError);
      isA(await thrownBy(run("", group, { signal: "SIGNOTHING" })), TypeError);
      for (const no of [-1, Number.NaN, "5"]) {
        isA(await thrownBy(run("", group, { grace: no as number })), RangeError);
        isA(await thrownBy(run("", group, { keep: no as number })), RangeError);
      }
      isA(await thrownBy(run("", group, { stdout: "nowhere" as never })), TypeError);
      // It would wait for ever for what it reads.
      for (const stdin of [{ text: 5 }, { text: undefined }, {}, null, "nothing"]) {
        assert.match(isA(await thrownBy(run("process.stdin.resume()", group, { stdin: stdin as never })), TypeError).message, /^The input of a process is/);
      }
      isA(await thrownBy(run("", undefined as never)), TypeError);
    });
    assert.equal(process.listenerCount("exit"), exits);
  });

  scenario("that nobody awaits ends with its scope, which says so (G16)", async () => {
    const error = await thrownBy(
      taskGroup((group) => {
        void run(endless, group);
      }),
    );
    const [failure] = isA(error, TaskGroupError).errors as [{ code: string }];
    assert.equal(failure.code, "UNAWAITED");
  });
});

describe("a process that is cancelled", () => {
  /** Starts a process, cancels the group around when it says that it is ready, and gives its pid. */
  async function cancelled(command: string, args: readonly string[], options: Parameters<typeof spawnProcess>[3]): Promise<{ pid: number; outcome: unknown; said: string }> {
    let pid = 0;
    let said = "";
    let outcome: unknown;
    await moveOnAfter(Infinity, (outer) =>
      outer.group(async (group) => {
        const child = await spawnProcess(command, args, group, { ...options, stdout: "pipe" });
        pid = child.started.pid;
        group.spawn(async () => void (outcome = await child.settled()));
        for await (const chunk of child.started.stdout!) {
          said += Buffer.from(chunk).toString();
          if (/ready\n/.test(said)) outer.cancel();
        }
      }),
    );
    return { pid, outcome, said };
  }

  scenario("is asked to end, and has when its group has", async () => {
    const { pid, outcome } = await cancelled(node, ["-e", `process.on('SIGTERM', () => { console.log('bye'); process.exit(0); }); ${endless}`], {});
    assert.equal((outcome as { status: string }).status, "cancelled");
    assert.throws(() => process.kill(pid, 0), { code: "ESRCH" });
  });

  scenario("is killed when its grace is over", async () => {
    const { pid, said } = await cancelled(node, ["-e", stubborn], { grace: 50 });
    assert.match(said, /ready\nno\n/);
    assert.throws(() => process.kill(pid, 0), { code: "ESRCH" });
  });

  scenario("takes all of its process group along: no orphan", async () => {
    const script = `const { spawn } = require('node:child_process');
      const child = spawn(process.execPath, ['-e', ${JSON.stringify(stubborn.replace("ready", "grandchild"))}], { stdio: ['ignore', 'pipe', 'ignore'] });
      child.stdout.once('data', () => console.log(child.pid + ' ready'));`;
    const { pid, said } = await cancelled(node, ["-e", script], { grace: 20 });
    assert.throws(() => process.kill(pid, 0), { code: "ESRCH" });
    await untilGone(Number.parseInt(said));
  });

  scenario("by its own task alone leaves the group as it was", async () => {
    await trial(async (group) => {
      const child = await spawnProcess(node, ["-e", endless], group);
      child.cancel();
      assert.equal((await child.settled(group)).status, "cancelled");
      assert.equal(group.cancelled, false);
    });
  });
});

describe("spawnProcess()", () => {
  scenario("gives its streams: what is written is read, and it waits for who reads", async () => {
    await trial(async (group) => {
      const child = await spawnProcess(node, ["-e", "process.stdin.pipe(process.stdout)"], group, { stdin: "pipe", stdout: "pipe" });
      const { stdin, stdout } = child.started;
      const size = 3_000_000;
      group.spawn(async (scope) => {
        for (let written = 0; written < size; written += 100_000) await stdin!.write("x".repeat(100_000), scope);
        stdin!.end();
      });
      let read = 0;
      for await (const chunk of stdout!) read += chunk.byteLength;
      assert.equal(read, size);
      assert.equal((await child.join(group)).exitCode, 0);
    });
  });

  scenario("keeps for who reads later what was written before the process ended", async () => {
    await trial(async (group) => {
      const child = await spawnProcess(node, ["-e", "process.stdout.write('x'.repeat(100_000))"], group, { stdout: "pipe", stderr: "pipe" });
      assert.equal((await child.join(group)).exitCode, 0);
      let read = 0;
      for await (const chunk of child.started.stdout!) read += chunk.byteLength;
      assert.equal(read, 100_000);
      for await (const _ of child.started.stderr!) assert.fail("nothing was written");
    });
  });

  scenario("closes with the group what nobody has read", async () => {
    const child = (await trial(async (group) => {
      const started = await spawnProcess(node, ["-e", "process.stdout.write('x'.repeat(100_000))"], group, { stdout: "pipe" });
      assert.equal((await started.join(group)).exitCode, 0);
      return started;
    })) as Awaited<ReturnType<typeof spawnProcess>>;
    const late = async (): Promise<void> => {
      for await (const _ of child.started.stdout!) assert.fail("it was closed");
    };
    assert.equal((isA(await thrownBy(late()), Error) as NodeJS.ErrnoException).code, "ERR_STREAM_PREMATURE_CLOSE");
  });

  scenario("writes nothing in a cancelled scope (G4), nor in one that has ended (G17)", async () => {
    await trial(async (group) => {
      const child = await spawnProcess(node, ["-e", "process.stdin.pipe(process.stdout)"], group, { stdin: "pipe" });
      const stdin = child.started.stdin!;
      let ended!: Scope;
      await group.moveOnAfter(Infinity, async (scope) => {
        ended = scope;
        await stdin.write("written", scope);
        scope.cancel();
        assert.equal(await thrownBy(stdin.write("cancelled", scope)), scope.reason);
      });
      assert.equal(isA(await thrownBy(stdin.write("ended", ended)), MisuseError).code, "SCOPE_ENDED");
      isA(await thrownBy(stdin.write("nowhere", undefined as never)), TypeError);
      stdin.end();
      assert.equal((await child.join(group)).stdout, "written");
    });
  });

  scenario("lets others have their turn while a process takes what is written at once (G22)", async () => {
    await trial(async (group) => {
      const child = await spawnProcess(node, ["-e", "process.stdin.resume()"], group, { stdin: "pipe" });
      const stdin = child.started.stdin!;
      let isOver = false;
      setImmediate(() => (isOver = true));
      for (let n = 0; !isOver; n++) {
        assert.ok(n < 1_000_000, "nobody else had a turn");
        await stdin.write("", group);
      }
      stdin.end();
      assert.equal((await child.join(group)).exitCode, 0);
    });
  });

  scenario("takes what many write at a time, without a warning", async () => {
    const warnings: Error[] = [];
    const warned = (warning: Error): void => void warnings.push(warning);
    process.on("warning", warned);
    await trial(async (group) => {
      const child = await spawnProcess(node, ["-e", "process.stdin.pipe(process.stdout)"], group, { stdin: "pipe", keep: 1 });
      const { stdin } = child.started;
      await group.map(Array.from({ length: 20 }, () => "x".repeat(2 ** 17)), (text, scope) => stdin!.write(text, scope));
      stdin!.end();
      assert.equal((await child.join(group)).exitCode, 0);
    });
    process.off("warning", warned);
    assert.deepEqual(warnings, []);
  });

  scenario("is a failure of its group when it fails", async () => {
    const error = await thrownBy(trial((group) => spawnProcess(node, ["-e", "process.exit(2)"], group)));
    assert.equal(isA(error, ProcessError).exitCode, 2);
  });

  scenario("rejects with the system's error when the command cannot be started, and the group goes on", async () => {
    await trial(async (group) => {
      const error = isA(await thrownBy(spawnProcess("/no/such/program", [], group)), Error);
      assert.equal((error as NodeJS.ErrnoException).code, "ENOENT");
      assert.equal(group.cancelled, false);
    });
  });

  scenario("has not failed when a signal ended it that was sent from here", async () => {
    await trial(async (group) => {
      const child = await spawnProcess(node, ["-e", endless], group);
      child.started.send("SIGKILL");
      const { exitCode, signal } = await child.join(group);
      assert.deepEqual([exitCode, signal], [null, "SIGKILL"]);
    });
  });

  scenario("fails when another signal ended it than those that were sent from here", async () => {
    const error = await thrownBy(trial(async (group) => {
      const child = await spawnProcess(node, ["-e", `process.once('SIGUSR2', () => process.kill(process.pid, 'SIGKILL')); ${endless}`], group, { stdout: "pipe" });
      for await (const _ of child.started.stdout!) child.started.send("SIGUSR2");
    }));
    assert.equal(isA(error, ProcessError).signal, "SIGKILL");
  });

  scenario("sends signals, and says whether anybody was there", async () => {
    await trial(async (group) => {
      const child = await spawnProcess(node, ["-e", `process.once('SIGUSR2', () => process.exit(0)); ${endless}`], group, { stdout: "pipe" });
      for await (const _ of child.started.stdout!) assert.equal(child.started.send("SIGUSR2"), true);
      await child.join(group);
      assert.equal(child.started.send("SIGUSR2"), false);
      assert.throws(() => child.started.send("SIGNOTHING"), TypeError);
    });
  });
});
