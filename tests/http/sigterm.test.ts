/**
 * SIGTERM under load, each framework in a process of its own: every request that a connection was let in with gets an answer, and the
 * process ends by itself. autocannon is the load, bounded in count; a client beside it counts by hand, on connections of its own.
 */
import assert from "node:assert/strict";
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { describe, test } from "node:test";
import autocannon from "autocannon";
import { Agent, request } from "undici";
import { gate } from "../conformance/case.ts";
import { frameworks } from "./frameworks.ts";

const program = join(import.meta.dirname, "programs", "server.ts");

interface Ended {
  readonly answered: number;
  readonly state: string;
  readonly running: number;
}

/** Starts the program, and runs `use` while it serves. Gives what it said at its end, and its exit code. */
async function withProgram(name: string, use: (origin: string, child: ChildProcess) => Promise<void>): Promise<{ code: number | null; said: Ended }> {
  const child = spawn(process.execPath, ["--conditions=espalier:source", program, name, "5000"], { stdio: ["ignore", "pipe", "inherit"] });
  try {
    const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
    const port = String((await lines.next()).value);
    const closed = once(child, "close") as Promise<[number | null]>;
    await use(`http://127.0.0.1:${port}`, child);
    const said = JSON.parse(String((await lines.next()).value)) as Ended;
    const [code] = await closed;
    return { code, said };
  } finally {
    child.kill("SIGKILL");
  }
}

/** Asks until it is refused, on one connection at a time. Gives how many answers came, and what was neither an answer nor a refusal. */
async function askUntilRefused(origin: string, agent: Agent): Promise<{ answers: number; lost: unknown[] }> {
  let answers = 0;
  for (;;) {
    try {
      const { statusCode, body } = await request(origin, { dispatcher: agent });
      await body.dump();
      if (statusCode !== 200) return { answers, lost: [statusCode] };
      answers++;
    } catch (error) {
      return { answers, lost: (error as { code?: unknown }).code === "ECONNREFUSED" ? [] : [error] };
    }
  }
}

describe("SIGTERM under load loses nothing", () => {
  for (const { name } of frameworks) {
    test(`with ${name}: each request is answered, or its connection is refused`, async () => {
      const agent = new Agent({ connections: 8 });
      const { code, said } = await withProgram(name, async (origin, child) => {
        const over = gate<autocannon.Result>();
        const load = autocannon({ url: origin, connections: 16, amount: 2_000_000, timeout: 10 }, (error, result) => (error instanceof Error ? over.fail(error) : over.open(result)));
        let seen = 0;
        load.on("response", () => {
          seen++;
          // All of its connections are at work.
          if (seen === 200) child.kill("SIGTERM");
        });
        const byHand = Promise.all(Array.from({ length: 8 }, () => askUntilRefused(origin, agent)));
        const exited = once(child, "exit").then(() => load.stop());
        const [hands, result] = await Promise.all([byHand, over.promise, exited]);
        assert.deepEqual(hands.flatMap(({ lost }) => lost), [], "a request was lost");
        assert.ok(hands.every(({ answers }) => answers > 0));
        assert.deepEqual([result.non2xx, result.timeouts], [0, 0]);
        const { pending = 0, running = 0 } = agent.stats[origin] ?? {};
        assert.deepEqual([pending, running], [0, 0], "the pool has requests that nobody waits for");
      });
      await agent.close();
      assert.equal(code, 128 + 15);
      assert.deepEqual([said.state, said.running], ["closed", 0]);
    });
  }
});
