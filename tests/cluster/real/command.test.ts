/** The commands: `espalier worker` and `espalier cluster ps`, as they are typed. */
import assert from "node:assert/strict";
import { type ChildProcess, execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { get } from "node:http";
import { createInterface } from "node:readline";
import { text } from "node:stream/consumers";
import { fileURLToPath } from "node:url";
import { after, describe, test } from "node:test";
import { openCluster } from "espalier/cluster";
import { taskGroup } from "espalier";
import { commandOf } from "../../conformance/programs/this-runtime.ts";
import { appears, newMark, until } from "../../executors/marks.ts";
import { freePort, missing, server } from "./nats.ts";
import { echo } from "./works.ts";
import { waits } from "./local-works.ts";

const main = fileURLToPath(new URL("../../../src/cli/main.ts", import.meta.url));
const modules = ["./works.ts", "./local-works.ts"].map((name) => fileURLToPath(new URL(name, import.meta.url)));
const running = new Set<ChildProcess>();
after(() => {
  for (const child of running) child.kill("SIGKILL");
});

interface Ended {
  readonly code: number | null;
  readonly output: string;
  readonly errors: string;
}

function espalier(...args: string[]): Promise<Ended> {
  const [command, all] = commandOf(main, ...args);
  return new Promise((resolve) => execFile(command, all, (error, output, errors) => resolve({ code: error === null ? 0 : ((error.code as number | undefined) ?? null), output, errors })));
}

function health(port: number): Promise<{ status: number; body: { status: string; works: string[]; succeeded: number } }> {
  return new Promise((resolve, reject) => {
    get({ port, host: "127.0.0.1" }, (response) => void text(response).then((body) => resolve({ status: response.statusCode!, body: JSON.parse(body) as never }), reject)).on("error", reject);
  });
}

describe("the commands of a cluster", { skip: missing }, () => {
  test("espalier worker serves, says how it is, and drains on SIGTERM; espalier cluster ps shows what runs, from the scopes down", async () => {
    const nats = await server();
    const port = await freePort();
    const [command, args] = commandOf(main, "worker", ...modules, "--nats", nats.url, "--namespace", "typed", "--concurrency", "2", "--durable", "--drain", "20", "--health", String(port));
    const worker = spawn(command, args, { stdio: ["ignore", "inherit", "pipe"] });
    running.add(worker);
    const said: string[] = [];
    createInterface({ input: worker.stderr }).on("line", (line) => said.push(line));
    const ended = once(worker, "exit");
    await until(() => said.length > 0);
    assert.match(said[0]!, /serves .*works#echo/);
    const cluster = openCluster({ servers: nats.url, namespace: "typed", size: 4 });
    const mark = newMark();
    await taskGroup(async (group) => {
      assert.equal(await cluster.run(echo, 1, group), 1);
      const task = await group.start(async (scope, started) => {
        started();
        await scope.group((own) => void own.spawn((inner) => cluster.run(waits, { path: mark, ended: newMark() }, inner), { name: "page 7" }), { name: "crawl" });
      }, group, { name: "night run" });
      await appears(mark);
      const shown = await espalier("cluster", "ps", "--nats", nats.url, "--namespace", "typed");
      assert.equal(shown.code, 0);
      assert.match(shown.output, /^1 worker, 1 caller\n/);
      assert.match(shown.output, /1 call, 2 at a time .*works#echo/);
      assert.match(shown.output, /night run\n\s+└─ crawl\n\s+└─ page 7\n\s+└─ work waits {2}on \S+, \d+\.\d s/);
      const json = JSON.parse((await espalier("cluster", "ps", "--json", "--nats", nats.url, "--namespace", "typed")).output) as { kind: string }[];
      assert.deepEqual(json.map(({ kind }) => kind).toSorted(), ["caller", "worker"]);
      const well = await health(port);
      assert.deepEqual([well.status, well.body.status, well.body.succeeded], [200, "ok", 1]);
      worker.kill("SIGTERM");
      await until(() => said.length > 1);
      assert.match(said[1]!, /takes no more calls, and waits for 1/);
      assert.deepEqual([(await health(port)).status, (await health(port)).body.status], [503, "draining"]);
      task.cancel();
    });
    assert.deepEqual(await ended, [143, null]);
    await cluster.close();
    const empty = await espalier("cluster", "ps", "--nats", nats.url, "--namespace", "typed");
    assert.equal(empty.output, "0 workers, 0 callers\n");
    await nats.kill();
  });

  test("what was typed wrongly is said, with the way out", async () => {
    for (const [args, code, expected] of [
      [["worker", modules[0]!], 2, /No NATS servers are given.*\n.*--nats/],
      [["worker", modules[0]!, "--nats", "nats://127.0.0.1:1"], 1, /No NATS server can be reached at nats:\/\/127.0.0.1:1/],
      [["worker", fileURLToPath(import.meta.url).replace("command.test", "nats"), "--nats", "nats://127.0.0.1:1"], 1, /exports no works/],
      [["worker", modules[0]!, "--nats", "nats://127.0.0.1:1", "--concurrency", "many"], 2, /--concurrency needs a number from 1 up, and got "many"/],
      [["cluster", "ps", "--nats", "nats://127.0.0.1:1"], 1, /No NATS server/],
      [["cluster", "ps", "--nats", "nats://127.0.0.1:1", "--creds", "/nowhere/me.creds"], 1, /credentials file \/nowhere\/me\.creds cannot be read/],
    ] as const) {
      const { code: seen, errors } = await espalier(...args);
      assert.match(errors, expected);
      assert.equal(seen, code, errors);
    }
  });
});
