/** What a cluster is not opened with. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { openCluster } from "espalier/cluster";
import { keepingOf } from "../../src/executor/cluster/keeping.ts";

const servers = "nats://127.0.0.1:1";

test("a lease that workers would not keep is refused, with its limits", async () => {
  for (const lease of [0, 49, 3_600_001, Infinity, Number.NaN]) assert.throws(() => openCluster({ servers, lease }), /^RangeError: .* from 50 to 3600000 as its lease, in ms, and got/);
  for (const lease of [50, 3_600_000]) await openCluster({ servers, lease }).close();
  await openCluster({ servers, patience: Infinity }).close();
});

test("how long what is done is remembered is a time that NATS knows, or for ever; nothing at all is not taken for that", () => {
  for (const remember of [0, 99, -1, 1e13, Number.NaN]) assert.throws(() => keepingOf({ remember }), /^RangeError: .* from 100 to 9000000000000 as how long .* or Infinity, which is for ever, and got/);
  assert.deepEqual([Infinity, 365 * 24 * 3_600_000].map((remember) => keepingOf({ remember })?.remember), [0, 31_536_000_000]);
});
