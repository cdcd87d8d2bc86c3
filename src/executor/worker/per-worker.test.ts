/** What cannot be made is tried again, and nothing of it stays. */
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { perWorker } from "espalier/executor";
import { collectGarbage } from "../../../tests/runtimes/runtime.ts";
import { holdResources } from "./per-worker.ts";

const turn = (): Promise<void> => new Promise((resolve) => void setImmediate(resolve));

describe("what a worker makes later", () => {
  test("is tried again after a failure, of which nothing is kept, and disposed of once", async () => {
    const dispose = holdResources();
    const failures: WeakRef<Error>[] = [];
    const ended: number[] = [];
    let tries = 0;
    const it = perWorker(
      async () => {
        if (++tries === 3) return tries;
        const error = new Error("not yet");
        failures.push(new WeakRef(error));
        throw error;
      },
      (made) => void ended.push(made),
    );
    const attempt = (): Promise<unknown> => it.get().catch(() => "failed");
    assert.deepEqual([await attempt(), await attempt(), await attempt(), await attempt()], ["failed", "failed", 3, 3]);
    for (let round = 0; round < 2; round++) {
      await turn();
      collectGarbage();
    }
    assert.deepEqual(failures.map((failure) => failure.deref()), [undefined, undefined]);
    await dispose();
    assert.deepEqual(ended, [3]);
  });
});
