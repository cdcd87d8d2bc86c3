/** In debug mode, whoever has a resource of a pool is named with the place where it was acquired. */
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { isA, scenario, thrownBy } from "../conformance/case.ts";
import { setDebugging } from "../../src/host/debugging.ts";
import { taskGroup } from "espalier";
import { type ResourceHolder, PoolExhaustedError, ResourcePool } from "espalier/sync";

const program = fileURLToPath(new URL("./exhausted-pool.ts", import.meta.url));

async function told(debug: string | undefined): Promise<{ message: string; holders: ResourceHolder[] }> {
  const env = { ...process.env, ESPALIER_DEBUG: debug };
  const { stdout } = await promisify(execFile)(process.execPath, ["--conditions=espalier:source", program], { env });
  return JSON.parse(stdout) as { message: string; holders: ResourceHolder[] };
}

test("with ESPALIER_DEBUG=1 the error of a pool names the line where each holder acquired, and has the stack", async () => {
  const { message, holders } = await told("1");
  assert.ok(message.includes(`"report" for 10 ms since ${program}:8, "taskGroup" for 10 ms since ${program}:10;`), message);
  for (const { stack } of holders) assert.match(stack?.split("\n")[0] ?? "", /exhausted-pool\.ts:(8|10):\d+\)?$/);
});

for (const value of [undefined, "", "0"]) {
  test(`with ESPALIER_DEBUG ${value === undefined ? "unset" : `"${value}"`} the error of a pool names no line, and nothing is captured`, async () => {
    const { message, holders } = await told(value);
    assert.ok(message.includes('"report" for 10 ms, "taskGroup" for 10 ms;'), message);
    assert.deepEqual(holders.map((holder) => Object.keys(holder)), [["name", "heldFor"], ["name", "heldFor"]]);
  });
}

test("who waits for a pool stands at the line of the program, however deep in the library that is", async () => {
  const waiting = fileURLToPath(new URL("./waiting-program.ts", import.meta.url));
  const told = async (...args: string[]): Promise<string> => {
    const { stdout } = await promisify(execFile)(process.execPath, ["--conditions=espalier:source", waiting, ...args], { env: { ...process.env, ESPALIER_DEBUG: "1" } });
    return stdout;
  };
  assert.equal(await told(), `acquire(pool), ${waiting}:16`);
  assert.equal(await told("8"), "acquire(pool)", "where the engine has kept no line of the program, none of the library stands in its place");
});

scenario("debugging is turned on and off while a program runs: what was acquired meanwhile has its place", async ({ clock }) => {
  await taskGroup(async (group) => {
    const pool = new ResourcePool(group, { create: () => "connection", max: 2, acquireTimeout: 10 });
    setDebugging(true);
    const acquiring = pool.acquire(group);
    setDebugging(false);
    const placed = await acquiring;
    const plain = await pool.acquire(group);
    const other = group.spawn((scope) => thrownBy(pool.acquire(scope)));
    const error = isA(await other.join(group), PoolExhaustedError);
    assert.match(error.message, /by "taskGroup" for 10 ms since \S*pool-holders\.test\.ts:\d+, "taskGroup" for 10 ms; /);
    for (const holders of [error.holders, pool.statistics().holders]) {
      assert.deepEqual(holders.map((holder) => "stack" in holder), [true, false]);
    }
    placed.release();
    plain.release();
  }, { clock });
});
