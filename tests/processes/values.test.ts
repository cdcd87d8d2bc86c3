/** What goes to a process and comes back, and what does not. */
import assert from "node:assert/strict";
import { realpathSync } from "node:fs";
import { tmpdir } from "node:os";
import { describe, test } from "node:test";
import { NotCloneableError } from "espalier/executor";
import { isBun, isDeno, withPool } from "./trial.ts";
import { bufferBytes, echo, environment, given, sharedResult } from "./works.ts";

const refusedAt = (path: string, message: RegExp) => (error: unknown) => {
  assert.ok(error instanceof NotCloneableError, String(error));
  assert.equal(error.path, path);
  assert.match(error.message, message);
  return true;
};

describe("values", () => {
  test("arrive as structured clones", () =>
    withPool({ size: 1 }, async (pool, group) => {
      const circle: unknown[] = [new Map([[1, new Set([new Date(5)])]]), 10n ** 20n, /a+/giu, undefined, null, -0, NaN];
      circle.push(circle);
      assert.deepEqual(await pool.run(echo, circle, group), circle);
      for (const value of ["text", 5, undefined, null, true, 2n ** 70n, new Float64Array([0.5, 1]), new Uint8Array([1, 2]), new DataView(new ArrayBuffer(3)), new BigInt64Array([5n])]) {
        assert.deepEqual(await pool.run(echo, value, group), value);
      }
      const error = (await pool.run(echo, new RangeError("as a value", { cause: 5 }), group)) as Error;
      assert.ok(error instanceof RangeError);
      // JavaScriptCore leaves the cause out.
      assert.deepEqual([error.message, error.cause], ["as a value", isBun ? undefined : 5]);
    }));

  test("that are a part of a buffer arrive with a buffer of their own size", { skip: isBun && "JavaScriptCore sends all of the buffer" }, () =>
    withPool({ size: 1 }, async (pool, group) => {
      assert.equal(await pool.run(bufferBytes, new Float64Array(100).subarray(3, 5), group), 16);
      const back = (await pool.run(echo, { list: [Buffer.from("ab"), new Int32Array([7]).subarray(0, 1)] }, group)) as { list: [Buffer, Int32Array] };
      assert.ok(Buffer.isBuffer(back.list[0]));
      assert.deepEqual([String(back.list[0]), back.list[1][0], back.list[1].buffer.byteLength], ["ab", 7, 4]);
    }));

  test("that are handed over are copied, and gone here", () =>
    withPool({ size: 1 }, async (pool, group) => {
      const bytes = new Uint8Array([1, 2, 3]);
      assert.deepEqual(await pool.run(echo, bytes, group, { transfer: [bytes.buffer] }), new Uint8Array([1, 2, 3]));
      assert.equal(bytes.byteLength, 0);
      assert.equal((await pool.run(given, 4, group)).byteLength, 4);
    }));
});

describe("refused, by its path, is", () => {
  test("memory that would have to be shared", () =>
    withPool({ size: 1 }, async (pool, group) => {
      await assert.rejects(pool.run(echo, { parts: [{ memory: new SharedArrayBuffer(8) }] }, group), refusedAt("input.parts[0].memory", /is a SharedArrayBuffer\. Processes share no memory/));
      await assert.rejects(pool.run(echo, { view: new Float64Array(new SharedArrayBuffer(8)) }, group), refusedAt("input.view", /is a Float64Array over a SharedArrayBuffer\. Processes share no memory/));
      await assert.rejects(pool.run(sharedResult, undefined, group), refusedAt("result.rows[0]", /is an Int32Array over a SharedArrayBuffer\. Processes share no memory/));
      assert.equal(await pool.run(echo, 1, group), 1);
    }));

  test("what no process takes", () =>
    withPool({ size: 1 }, async (pool, group) => {
      const { port1 } = new MessageChannel();
      await assert.rejects(pool.run(echo, { port: port1 }, group, { transfer: [port1] }), refusedAt("input.port", /is a MessagePort/));
      port1.close();
      await assert.rejects(pool.run(echo, [() => {}], group), refusedAt("input[0]", /is a function/));
      assert.equal(pool.statistics().failed, 2);
    }));
});

test("env, argv, cwd and execArgv are what the process is started with", () =>
  withPool({ size: 1, env: { ...(process.env as Record<string, string>), FOR_WORKS: "yes" }, argv: ["one", "two"], cwd: tmpdir(), execArgv: ["--conditions=espalier:source", "--no-deprecation"] }, async (pool, group) => {
    assert.deepEqual(await pool.run(environment, "FOR_WORKS", group), {
      value: "yes",
      argv: ["one", "two"],
      cwd: realpathSync(tmpdir()),
      execArgv: isDeno ? [] : ["--conditions=espalier:source", "--no-deprecation"],
    });
    assert.equal((await pool.run(environment, "ESPALIER_PROCESS", group)).value, undefined);
  }));
