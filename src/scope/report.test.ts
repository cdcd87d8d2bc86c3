import assert from "node:assert/strict";
import { test } from "node:test";
import { guarded, report } from "./report.ts";

/** What the process hears of while `act` runs and a few turns afterwards. The runner's own listeners are set aside. */
async function uncaught(act: () => void): Promise<unknown[]> {
  const heard: unknown[] = [];
  const listener = (error: unknown): void => void heard.push(error);
  const others = process.rawListeners("uncaughtException");
  process.removeAllListeners("uncaughtException");
  process.on("uncaughtException", listener);
  try {
    act();
    for (let turn = 0; turn < 3; turn++) await new Promise<void>((resolve) => void setImmediate(resolve));
  } finally {
    process.off("uncaughtException", listener);
    for (const other of others) process.on("uncaughtException", other as (error: unknown) => void);
  }
  return heard;
}

const error = new Error("the listener's");

test("report() makes an uncaught exception of the very object, and does not throw", async () => {
  const heard = await uncaught(() => report(error));
  assert.equal(heard.length, 1);
  assert.equal(heard[0], error);
});

test("report() takes any value", async () => {
  assert.deepEqual(await uncaught(() => report("text")), ["text"]);
});

for (const [how, fn] of Object.entries({
  throws: () => {
    throw error;
  },
  rejects: () => Promise.reject(error),
  "gives a thenable that rejects": () => ({ then: (_: unknown, reject: (reason: unknown) => void) => reject(error) }),
})) {
  test(`guarded() reports a function that ${how}`, async () => {
    const heard = await uncaught(() => guarded(fn, undefined));
    assert.equal(heard.length, 1);
    assert.equal(heard[0], error);
  });
}

test("guarded() hands the argument over and keeps quiet about what goes well", async () => {
  const seen: unknown[] = [];
  const heard = await uncaught(() => {
    guarded((argument) => seen.push(argument), "argument");
    guarded((argument) => Promise.resolve(seen.push(argument)), "another");
    guarded(() => null, undefined);
  });
  assert.deepEqual(heard, []);
  assert.deepEqual(seen, ["argument", "another"]);
});
