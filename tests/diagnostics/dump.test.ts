import assert from "node:assert/strict";
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { text } from "node:stream/consumers";
import { describe, test } from "node:test";
import { dumpOnSignal } from "espalier/debug";

const program = join(import.meta.dirname, "programs", "asked.ts");
const installed = (name: string): string => join(import.meta.dirname, "..", "..", "node_modules", ".bin", name);
const runtimes: Readonly<Record<string, readonly [string, ...string[]]>> = {
  node: [process.execPath],
  bun: [installed("bun")],
  deno: [installed("deno"), "run", "--allow-all"],
};

interface Asked {
  readonly child: ChildProcess;
  readonly ready: Promise<unknown>;
  readonly lines: AsyncIterator<string>;
}

async function withProgram([command, ...args]: readonly [string, ...string[]], signal: string, body: (asked: Asked) => Promise<void>): Promise<void> {
  // npm's binaries of Bun and Deno are not the runtime itself: what is sent goes to the group.
  const child = spawn(command, [...args, "--conditions=espalier:source", program], { env: { ...process.env, NO_COLOR: "1", ESPALIER_DUMP_SIGNAL: signal }, stdio: ["ignore", "pipe", "pipe"], detached: true });
  const closed = once(child, "close");
  try {
    await body({ child, ready: once(child.stdout, "data"), lines: createInterface({ input: child.stderr })[Symbol.asyncIterator]() });
  } finally {
    if (child.exitCode === null && child.signalCode === null) process.kill(-child.pid!, "SIGKILL");
    await closed;
  }
}

/** The next lines of a dump. */
async function dump(lines: AsyncIterator<string>): Promise<string[]> {
  const found: string[] = [];
  for (let line = await lines.next(); line.done !== true; line = await lines.next()) {
    found.push(line.value);
    if (line.value.includes("job 17")) return found;
  }
  return found;
}

describe("ESPALIER_DUMP_SIGNAL", () => {
  for (const [name, command] of Object.entries(runtimes)) {
    test(`${name}: the signal writes the tree to standard error, each time, and the program goes on`, () =>
      withProgram(command, "SIGQUIT", async ({ child, ready, lines }) => {
        await ready;
        for (let time = 0; time < 2; time++) {
          process.kill(-child.pid!, "SIGQUIT");
          const [head, ...rest] = await dump(lines);
          assert.match(head!, new RegExp(`^${name} \\d+\\.\\d+\\.\\d+, process \\d+: 99\\d scopes and tasks$`));
          assert.ok(rest.some((line) => /├─ 990 × fetchPage {2}sleep$/.test(line)));
          assert.match(rest.at(-1)!, /└─ job 17 {2}wait$/);
        }
        process.kill(-child.pid!, "SIGTERM");
        await once(child, "exit");
        assert.equal(child.exitCode, 143);
      }));
  }

  test("that is none warns of it, and nothing else happens", () =>
    withProgram(runtimes["node"]!, "SIGNONE", async ({ child, ready, lines }) => {
      const { value } = await lines.next();
      assert.match(String(value), /ESPALIER_DUMP_SIGNAL is without effect: dumpOnSignal\(\) needs the name of a signal, .* and got SIGNONE\.$/);
      await ready;
      assert.equal(child.exitCode, null);
    }));
});

describe("dumpOnSignal()", () => {
  test("refuses what is no signal, and what nobody can listen to", () => {
    for (const signal of ["", "QUIT", "constructor"]) assert.throws(() => dumpOnSignal(signal), { name: "TypeError", message: /needs the name of a signal/ });
    assert.throws(() => dumpOnSignal("SIGKILL"), { name: "TypeError", message: /SIGKILL and SIGSTOP never can/ });
  });

  test("listens until it is disposed", () => {
    const before = process.listenerCount("SIGUSR2");
    const dumps = dumpOnSignal("SIGUSR2");
    assert.equal(process.listenerCount("SIGUSR2"), before + 1);
    dumps[Symbol.dispose]();
    dumps[Symbol.dispose]();
    assert.equal(process.listenerCount("SIGUSR2"), before);
  });

  test("does not keep a program alive", async () => {
    const child = spawn(process.execPath, ["--conditions=espalier:source", "--input-type=module", "-e", 'import { dumpOnSignal } from "espalier/debug"; dumpOnSignal("SIGQUIT");'], { cwd: import.meta.dirname });
    assert.equal(await text(child.stderr), "");
  });
});
