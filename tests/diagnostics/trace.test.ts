/** `espalier trace`, as a user calls it. */
import assert from "node:assert/strict";
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, readdir, rm } from "node:fs/promises";
import { type AddressInfo, createServer, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { text } from "node:stream/consumers";
import { after, before, describe, test } from "node:test";
import { inside, readTrace, sliceOf, type Trace } from "./trace-file.ts";

const main = join(import.meta.dirname, "..", "..", "src", "cli", "main.ts");
const programs = join(import.meta.dirname, "programs");
const installed = (name: string): string => join(import.meta.dirname, "..", "..", "node_modules", ".bin", name);
const source = "--conditions=espalier:source";

let folder: string;
before(async () => void (folder = await mkdtemp(join(tmpdir(), "espalier-trace-"))));
after(() => rm(folder, { recursive: true }));

interface Traced {
  readonly child: ChildProcess & { readonly stdout: NodeJS.ReadableStream; readonly stderr: NodeJS.ReadableStream };
  read(): Trace;
  ended(): Promise<{ code: number | null; output: string; errors: string; trace: Trace }>;
}

let runs = 0;

function espalierTrace(script: string, args: readonly string[] = [], runtime: string = `${process.execPath} ${source}`): Traced {
  const file = join(folder, `${++runs}.json`);
  const child = spawn(process.execPath, [source, main, "trace", "-o", file, "--runtime", runtime, join(programs, script), ...args], {
    env: { ...process.env, NO_COLOR: "1" },
    stdio: ["ignore", "pipe", "pipe"],
  });
  const errors = text(child.stderr);
  return {
    child,
    read: () => readTrace(file),
    async ended() {
      const [output, said, [code]] = await Promise.all([text(child.stdout), errors, once(child, "close") as Promise<[number | null]>]);
      return { code, output, errors: said, trace: readTrace(file) };
    },
  };
}

function checkCrawl(trace: Trace): void {
  const [outer, inner] = trace.slices.filter(({ begin }) => begin.name === "main");
  assert.equal(inner!.within, outer);
  // What comes one after the other is in what runs it; what overlaps has lanes of its own.
  assert.deepEqual(inside(trace, inner!), ["limit", "left", "crawl"]);
  assert.deepEqual(inside(trace, sliceOf(trace, "limit")), ["sleep"]);
  const right = sliceOf(trace, "right");
  assert.deepEqual([right.within, right.begin.args], [undefined, { kind: "moveOnAfter", path: "main > main > right" }]);
  assert.ok(right.begin.ts < sliceOf(trace, "left").end!.ts);
  const deep = sliceOf(trace, "deep");
  assert.equal(deep.begin.args?.["path"], "main > main > crawl > stuck > below > deep");
  assert.deepEqual(inside(trace, deep), ["sleep"]);
  // The third task had to wait for a place.
  assert.deepEqual(trace.events.filter(({ name }) => name === "begins").map(({ args }) => args), [{ of: "stuck" }]);
  const ends = Object.fromEntries(["limit", "quick", "bad", "deep", "crawl"].map((name) => [name, sliceOf(trace, name).end!.args?.["status"]]));
  assert.deepEqual(ends, { limit: "succeeded", quick: "succeeded", bad: "failed", deep: "cancelled", crawl: "failed" });
  // The failure is where the cancellation of the others comes from.
  assert.deepEqual(trace.arrows.filter(({ to }) => to.length > 0), [{ from: ["bad"], to: ["crawl", "stuck", "below", "deep"] }]);
  const cancelled = trace.events.find(({ name, args }) => name === "cancelled" && args?.["of"] === "below");
  assert.deepEqual(cancelled?.args, { of: "below", source: "sibling", by: "bad", why: '"bad" failed, so what runs beside it was cancelled: Error: broken' });
}

describe("espalier trace", () => {
  test("runs a program with its arguments, keeps its exit code, and writes what happened", async () => {
    const { code, output, errors, trace } = await espalierTrace("crawl.ts", ["one", "--", "--two"]).ended();
    assert.deepEqual([code, output], [3, "one --two\n"]);
    assert.match(errors, /^.*1\.json: \d+ events\. Open it in https:\/\/ui\.perfetto\.dev\n$/);
    checkCrawl(trace);
    assert.deepEqual(trace.events.filter(({ ph }) => ph === "M").map(({ args }) => args?.["name"]), ["crawl.ts", "main", "main"]);
  });

  for (const [name, ...options] of [["bun"], ["deno", "run", "--allow-all"]] as const) {
    test(`runs one on ${name}`, async () => {
      const { code, trace } = await espalierTrace("crawl.ts", [], [installed(name), ...options, source].join(" ")).ended();
      assert.equal(code, 3);
      checkCrawl(trace);
    });
  }

  for (const [how, expected] of [["process.exit", 7], ["an error", 1], ["SIGKILL", 137]] as const) {
    test(`leaves a whole file where the program is ended by ${how}, and says what had not ended`, async () => {
      const { code, errors, trace } = await espalierTrace("ending.ts", [how]).ended();
      assert.equal(code, expected);
      assert.match(errors, /\d+ events, 8 of them ends of what had not ended\./);
      assert.equal(trace.slices.filter(({ begin, end }) => begin.name === "job" && end!.args?.["status"] === "unfinished").length, 3);
    });
  }

  test("leaves a whole file also where a process that the program has left goes on writing", async () => {
    const server = createServer().listen(0, "127.0.0.1");
    await once(server, "listening");
    const connection = once(server, "connection") as Promise<[Socket]>;
    const traced = espalierTrace("leaving.ts", [String((server.address() as AddressInfo).port)]);
    const [left] = await connection;
    const { trace } = await traced.ended();
    const closed = once(left.resume(), "close");
    left.write("go on\n");
    await closed;
    server.close();
    assert.equal(sliceOf(trace, "early").end!.args?.["status"], "succeeded");
    assert.deepEqual(traced.read(), trace);
    assert.deepEqual((await readdir(folder)).filter((name) => !/^\d+\.json$/.test(name)), []);
  });

  test("passes an interruption on, once, and waits for the program", async () => {
    const traced = espalierTrace("patient.ts");
    const lines = createInterface({ input: traced.child.stdout });
    const said: string[] = [];
    lines.on("line", (line) => {
      said.push(line);
      if (line === "ready") traced.child.kill("SIGINT");
    });
    const { code, trace } = await traced.ended();
    assert.deepEqual([code, said], [130, ["ready", "cleaned up"]]);
    assert.deepEqual(trace.arrows, [{ from: ["patient"], to: ["patient"] }], "from the root that was shut down to what was in it");
  });

  test("follows works to threads and processes", async () => {
    const { code, trace } = await espalierTrace("elsewhere.ts").ended();
    assert.equal(code, 0);
    const works = trace.slices.filter(({ begin }) => begin.name === "count");
    const [{ begin: first }] = trace.slices as [(typeof works)[number]];
    // Each as the scope of the call, and as the scope that it runs in.
    const places = works.map(({ begin: { pid, tid } }) => `${pid === first.pid ? "the program" : "another process"}, ${tid === 1 ? "main" : "a thread"}`);
    assert.deepEqual(places.toSorted(), ["another process, main", "the program, a thread", "the program, main", "the program, main"]);
    assert.deepEqual(works.map(({ end }) => end!.args?.["status"]), works.map(() => "succeeded"));
  });

  test("says so when the program is none of espalier's, when there is none, and when the trace cannot be written", async () => {
    const traced = async (...args: string[]): Promise<[number | null, string]> => {
      const child = spawn(process.execPath, [source, main, "trace", ...args], { env: { ...process.env, NO_COLOR: "1" } });
      const [errors, [code]] = await Promise.all([text(child.stderr), once(child, "close") as Promise<[number | null]>]);
      return [code, errors];
    };
    const output = join(folder, "none.json");
    const nothing = await traced("-o", output, "--runtime", `${process.execPath} -p`, "1");
    assert.deepEqual([nothing[0], /Nothing was traced\.\nDoes the program import espalier/.test(nothing[1])], [1, true]);
    assert.deepEqual(readTrace(output).events, []);
    const missing = await traced("-o", output, "--runtime", "no-such-runtime", "1");
    assert.deepEqual([missing[0], /no-such-runtime cannot be run: .*ENOENT/.test(missing[1])], [2, true]);
    const unwritten = await traced("-o", join(folder, "no", "such", "folder.json"), "1");
    assert.deepEqual([unwritten[0], /cannot be written: .*ENOENT/.test(unwritten[1])], [2, true]);
  });
});
