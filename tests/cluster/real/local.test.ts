/** A cluster without servers: its server and its worker are the program's, and end with it. */
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { readdirSync, readFileSync } from "node:fs";
import { describe, test } from "node:test";
import { fileURLToPath } from "node:url";
import { moveOnAfter, taskGroup } from "espalier";
import { ClusterError, openCluster, WorkerDiedError } from "espalier/cluster";
import { isA, thrownBy } from "../../conformance/case.ts";
import { commandOf } from "../../conformance/programs/this-runtime.ts";
import { appears, isSet, newMark, textOf, until } from "../../executors/marks.ts";
import { calls, doubles, waits, where } from "./local-works.ts";
import { missing } from "./nats.ts";

/** The processes that one has started, and those that these have. */
function descendantsOf(pid: number): number[] {
  const children = readdirSync("/proc").filter((name) => /^\d+$/.test(name) && parentOf(name) === pid).map(Number);
  return children.flatMap((child) => [child, ...descendantsOf(child)]);
}

function parentOf(pid: string): number | undefined {
  try {
    return Number(/^PPid:\s*(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1]);
  } catch {
    return undefined;
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

describe("a cluster of the program's own", { skip: missing }, () => {
  test("a work calls the cluster that it is in; what it called is cancelled with it", async () => {
    const cluster = openCluster({ local: { size: 8 } });
    assert.equal(await taskGroup((group) => cluster.run(doubles, 4, group)), 16);
    const [path, ended] = [newMark(), newMark()];
    const given = await moveOnAfter(Infinity, async (scope) => {
      const called = cluster.run(calls, { path, ended }, scope);
      await appears(path);
      scope.cancel();
      return called;
    }, { fallback: "cancelled" });
    assert.equal(given, "cancelled");
    assert.ok(isSet(ended));
    await cluster.close();
  });

  test("its worker process is killed: what that had fails at once, and the next call has another one", async () => {
    const cluster = openCluster({ local: { size: 1 } });
    await taskGroup(async (group) => {
      const pid = await cluster.run(where, undefined, group);
      const begun = newMark();
      const call = thrownBy(cluster.run(waits, { path: begun, ended: newMark() }, group));
      await appears(begun);
      process.kill(pid, "SIGKILL");
      const error = isA(await call, WorkerDiedError);
      assert.deepEqual([error.code, error.exit], ["WORKER_DIED", "SIGKILL"]);
      assert.notEqual(await cluster.run(where, undefined, group), pid);
      assert.equal(cluster.statistics().died, 1);
    });
    await cluster.close();
  });

  for (const signal of ["SIGKILL", "SIGINT"] as const) {
    test(`its program ends by ${signal}: so do its worker, and its server`, { skip: process.platform === "linux" ? false : "it looks into /proc" }, async () => {
      const [path, ended] = [newMark(), newMark()];
      const [command, args] = commandOf(fileURLToPath(new URL("./local-program.ts", import.meta.url)), path, ended);
      const program = spawn(command, args, { stdio: "ignore" });
      await appears(path);
      await until(() => textOf(path) !== "");
      // A worker, who keeps the server, and that.
      const all = descendantsOf(program.pid!);
      assert.ok(all.includes(Number(textOf(path))) && all.length >= 3, `${all.length} processes`);
      const gone = once(program, "exit");
      program.kill(signal);
      await gone;
      await until(() => !all.some(isAlive));
    });
  }

  test("where there is no nats-server, the error says how to get one", async () => {
    const before = process.env["ESPALIER_NATS_SERVER"];
    process.env["ESPALIER_NATS_SERVER"] = "/nowhere/nats-server";
    try {
      const cluster = openCluster();
      const error = isA(await thrownBy(taskGroup((group) => cluster.run(where, undefined, group).catch((thrown: unknown) => Promise.reject(thrown)))), Error);
      const died = isA((error as AggregateError).errors[0], WorkerDiedError);
      assert.equal(isA(died.cause, ClusterError).code, "NO_SERVER");
      await cluster.close();
    } finally {
      if (before === undefined) delete process.env["ESPALIER_NATS_SERVER"];
      else process.env["ESPALIER_NATS_SERVER"] = before;
    }
  });
});
