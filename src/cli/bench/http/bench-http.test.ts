/** The command as a user calls it, from end to end, with small numbers. */
import assert from "node:assert/strict";
import { type ChildProcessWithoutNullStreams, spawn } from "node:child_process";
import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { createInterface } from "node:readline";
import { text } from "node:stream/consumers";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import type { BenchReport, FailingRowFigures, FanOutRowFigures, MeasuredClient } from "./report/bench-report.ts";
import type { Hello } from "./server/serve.ts";

const main = fileURLToPath(new URL("../../main.ts", import.meta.url));
const runtimeOptions = ["--conditions=espalier:source"];

function espalier(...args: string[]): ChildProcessWithoutNullStreams {
  return spawn(process.execPath, [...runtimeOptions, main, ...args], { env: { ...process.env, NO_COLOR: "1" } });
}

async function ended(child: ChildProcessWithoutNullStreams): Promise<{ code: number | null; output: string; errors: string }> {
  const [output, errors, [code]] = await Promise.all([text(child.stdout), text(child.stderr), once(child, "close") as Promise<[number | null]>]);
  return { code, output, errors };
}

const small = ["--requests", "40", "--connections", "10", "--rounds", "1", "--server", "embedded"];

test("espalier bench http --json prints the figures of every way, and the failing run holds what it promises", async () => {
  const { code, output, errors } = await ended(espalier("bench", "http", ...small, "--json"));
  assert.equal(code, 0, errors);
  const report = JSON.parse(output) as BenchReport;
  assert.equal(report.workload.requests, 40);
  assert.deepEqual(report.clients.map(({ client }) => client), ["fetch", "undici"]);

  for (const client of report.clients as MeasuredClient[]) {
    const fanOut = client.fanOut as FanOutRowFigures[];
    assert.deepEqual(
      fanOut.map((row) => row.way),
      ["Promise.all", "Promise.allSettled", "p-limit(10)", "taskGroup", "taskGroup, concurrency 10", "all", "map, concurrency 10"],
    );
    for (const row of fanOut) {
      assert.equal(row.rounds.length, 1);
      assert.ok(row.batch.p50 > 0 && row.requestsPerSecond > 0 && row.ratio.median > 0, row.way);
      assert.ok(row.connections !== null && row.connections >= 1 && row.connections <= (client.client === "undici" ? 10 : 40), row.way);
    }

    const failing = Object.fromEntries((client.failing as FailingRowFigures[]).map((row) => [row.way, row]));
    const counts = (way: string): number[] => [failing[way]?.startedAfter.max ?? -1, failing[way]?.finishedAfter.max ?? -1, failing[way]?.aborted.min ?? -1];
    // All forty are under way at once with fetch, ten of them with undici's pool.
    const waiting = client.client === "undici" ? 30 : 0;
    assert.deepEqual(counts("Promise.all"), [waiting, 39, 0]);
    assert.deepEqual(counts("Promise.all + abort()"), [0, 0, 39 - waiting]);
    assert.deepEqual(counts("p-limit(10)"), [30, 39, 0]);
    assert.deepEqual(counts("taskGroup"), [0, 0, 39 - waiting]);
    assert.deepEqual(counts("taskGroup, concurrency 10"), [0, 0, 9]);
    assert.deepEqual(counts("all"), [0, 0, 39 - waiting]);
    assert.deepEqual(counts("map, concurrency 10"), [0, 0, 9]);
    for (const row of Object.values(failing)) {
      assert.ok(row.errorAfter.min >= 0 && row.quietAfter.min >= 0, row.way);
      if (client.client === "undici" && row.way.includes("concurrency")) assert.deepEqual([row.connections.max, row.connectionsAfter.max], [10, 0], row.way);
    }
  }
});

test("espalier bench http prints tables for people, and its progress on standard error only", async () => {
  const { code, output, errors } = await ended(espalier("bench", "http", "--client", "undici", ...small));
  assert.equal(code, 0, errors);
  assert.match(output, /^espalier \d+\.\d+\.\d+ · 40 GETs of 1 KB at once\n/);
  assert.match(output, /\nThe fan-out\n[^]*\nmap, concurrency 10 [^]*\nThe failing run\n[^]*\nPromise\.all \+ abort\(\) [^]*\nWhat this shows\n· /);
  assert.match(errors, /^ +0 % fan-out\n[^]*% failing run/);
  assert.ok(!`${output}${errors}`.includes("\u001b"));
});

test("espalier bench http measures a URL of the user's, whose connections it does not count", async (t) => {
  let requests = 0;
  const server = createServer((_request, response) => {
    requests++;
    response.end("hello");
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  t.after(() => server.close());
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/hello`;
  const { code, output, errors } = await ended(espalier("bench", "http", "--requests", "5", "--rounds", "1", "--client", "fetch", "--json", "--url", url));
  assert.equal(code, 0, errors);
  const [fetch] = (JSON.parse(output) as BenchReport).clients as [MeasuredClient];
  assert.ok((fetch.fanOut as FanOutRowFigures[]).every((row) => row.connections === null));
  // One to see whether it answers, then seven ways in one round and two to warm up.
  assert.equal(requests, 1 + 7 * 3 * 5);
});

test("espalier bench http tells what it could not reach, and ends with code 1", async () => {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, "close");
  const { code, output, errors } = await ended(espalier("bench", "http", "--url", `http://127.0.0.1:${port}/gone`));
  assert.equal(code, 1);
  assert.equal(output, "");
  assert.match(errors, new RegExp(`^espalier: a first GET by fetch failed: .*ECONNREFUSED.*asking http://127.0.0.1:${port}/gone\nNothing listens there\\. Start the server`));
});

test("espalier bench http refuses a URL that does not answer with success", async (t) => {
  const server = createServer((_request, response) => response.writeHead(404).end()).listen(0, "127.0.0.1");
  await once(server, "listening");
  t.after(() => server.close());
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/nothing`;
  const { code, errors } = await ended(espalier("bench", "http", "--client", "fetch", "--url", url));
  assert.equal(code, 1);
  assert.match(errors, /answered with status 404\nThe benchmark needs a URL that answers with success/);
});

test("espalier ends with code 2 when it is called wrongly, and says what was meant", async () => {
  const { code, output, errors } = await ended(espalier("bench", "http", "--round", "3"));
  assert.deepEqual([code, output], [2, ""]);
  assert.match(errors, /unknown option '--round'\n\(Did you mean --rounds\?\)/);
});

test("Ctrl-C ends espalier bench http in the middle with code 130", async () => {
  const child = espalier("bench", "http", "--requests", "50", "--rounds", "1000", "--server", "embedded");
  const result = ended(child);
  await once(child.stderr, "data");
  child.kill("SIGINT");
  const { code, output, errors } = await result;
  assert.deepEqual([code, output], [130, ""]);
  assert.match(errors, /espalier: interrupted; everything it had started has ended\n$/);
});

test("the server's process ignores a terminal's signals and ends with its standard input", async () => {
  const child = espalier("bench", "serve");
  const lines = createInterface({ input: child.stdout });
  const [line] = (await once(lines, "line")) as [string];
  child.kill("SIGINT");
  const { control } = JSON.parse(line) as Hello;
  assert.equal((await fetch(`${control}/sites`, { method: "POST", body: "{}" })).status, 200);
  child.stdin.end();
  assert.deepEqual(await once(child, "exit"), [0, null]);
});

test("the server's process ends when the one that started it is killed", async () => {
  const launcher = `
    const { spawn } = require("node:child_process");
    spawn(process.execPath, ${JSON.stringify([...runtimeOptions, main, "bench", "serve"])}, { stdio: ["pipe", "inherit", "inherit"] });
  `;
  const child = spawn(process.execPath, ["-e", launcher]);
  // Held open by the server too: it closes when both processes are gone.
  const closed = once(child, "close");
  await once(createInterface({ input: child.stdout }), "line");
  child.stderr.resume();
  child.kill("SIGKILL");
  assert.deepEqual(await closed, [null, "SIGKILL"]);
});
