/** Bun.serve and Deno.serve, each in a process of its own: the plain contract of web Requests is enough for both. */
import assert from "node:assert/strict";
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { describe, test } from "node:test";
import { thrownBy } from "../conformance/case.ts";
import { withDownstream } from "./downstream.ts";

const program = join(import.meta.dirname, "programs", "web-server.ts");
const installed = (name: string): string => join(import.meta.dirname, "..", "..", "node_modules", ".bin", name);
const runtimes: Readonly<Record<string, readonly [string, ...string[]]>> = {
  "Bun.serve": [installed("bun"), "--conditions=espalier:source"],
  "Deno.serve": [installed("deno"), "run", "--allow-all", "--conditions=espalier:source"],
};

interface Program {
  readonly origin: string;
  readonly child: ChildProcess;
  /** What it says at its end, and its exit code. */
  ended(): Promise<{ said: { state: string; ended: unknown }; code: number | null }>;
}

/** Runs the program while `body` does. Its own process is the runtime: npm's binaries for it are not. */
async function withProgram([command, ...args]: readonly [string, ...string[]], body: (program: Program) => Promise<void>): Promise<void> {
  const child = spawn(command, [...args, program], { stdio: ["ignore", "pipe", "ignore"], detached: true });
  const closed = once(child, "close") as Promise<[number | null]>;
  try {
    const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
    const origin = `http://127.0.0.1:${String((await lines.next()).value)}`;
    await body({
      origin,
      child,
      async ended() {
        const said = JSON.parse(String((await lines.next()).value)) as { state: string; ended: unknown };
        const [code] = await closed;
        return { said, code };
      },
    });
  } finally {
    if (child.exitCode === null && child.signalCode === null) process.kill(-child.pid!, "SIGKILL");
  }
}

for (const [name, command] of Object.entries(runtimes)) {
  describe(name, () => {
    test("a client that goes away stops the call that was made for it; a failure goes to the server's own handler; the time can be over", async () => {
      await withDownstream(({ url, asked, givenUp, counts }) =>
        withProgram(command, async ({ origin }) => {
          const client = new AbortController();
          const answer = thrownBy(fetch(`${origin}/ask?url=${url}`, { signal: client.signal }));
          assert.ok(Number((await asked.promise)["x-request-timeout-ms"]) <= 20_000);
          client.abort();
          await answer;
          await givenUp.promise;
          assert.equal(counts.givenUp, 1);

          const failed = await fetch(`${origin}/fail`);
          assert.deepEqual([failed.status, await failed.text()], [500, "the server's own: E"]);

          const late = await fetch(`${origin}/ask?url=${url}`, { headers: { "x-request-timeout-ms": "20" } });
          assert.equal(late.status, 504);
        }),
      );
    });

    test("SIGTERM lets who is being answered be answered, and the process ends", async () => {
      await withDownstream(({ url, asked, answer }) =>
        withProgram(command, async ({ origin, child, ended }) => {
          const response = fetch(`${origin}/ask?url=${url}`);
          await asked.promise;
          process.kill(-child.pid!, "SIGTERM");
          // Nobody new is let in: it has heard of it.
          for (;;) if ((await fetch(`${origin}/fail`).catch(() => undefined)) === undefined) break;
          answer("in time");
          const { status, headers } = await response;
          assert.deepEqual([status, await (await response).text(), headers.get("connection")], [200, "in time", "close"]);
          const { said, code } = await ended();
          assert.deepEqual([said.state, said.ended, code], ["closed", { DEADLINE: 0, SHUTDOWN: 0, CLIENT_GONE: 0 }, 128 + 15]);
        }),
      );
    });
  });
}
