/** The example of metrics serves the page that it says, asked in the middle of its work. */
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { join } from "node:path";
import { test } from "node:test";
import { promisify } from "node:util";

const program = join(import.meta.dirname, "..", "..", "examples", "metrics", "main.ts");

const figures: Readonly<Record<string, Readonly<Record<string, number>>>> = {
  'limiter {name="downstream"}': { places: 3, borrowed: 3, waiting: 2 },
  'pool {name="database"}': { max: 2, lent: 2, idle: 0, waiting: 1 },
  'channel {name="orders"}': { capacity: 10, buffered: 4, peak: 4, waiting_senders: 0, waiting_receivers: 0, dropped_total: 0 },
  'executor {name="threads"}': { workers: 1, waiting: 0, queued: 0, running: 0, abandoned: 0, succeeded_total: 3, failed_total: 1, cancelled_total: 0, died_total: 0 },
};

test("the example metrics/main.ts prints the page for Prometheus", async () => {
  const { stdout, stderr } = await promisify(execFile)(process.execPath, ["--conditions=espalier:source", program]);
  assert.equal(stderr, "");
  const lines = stdout.trimEnd().split("\n");
  const times = lines.filter((line) => line.includes("quantile"));
  assert.deepEqual(
    lines.filter((line) => !times.includes(line)),
    Object.entries(figures).flatMap(([of, all]) => Object.entries(all).map(([metric, figure]) => `espalier_${of.replace(" ", `_${metric}`)} ${figure}`)),
  );
  assert.deepEqual(
    times.map((line) => line.replace(/ \d.*$/, " …")),
    ["wait", "run"].flatMap((what) => ["0.5", "0.99"].map((quantile) => `espalier_executor_${what}_time_seconds{name="threads",quantile="${quantile}"} …`)),
  );
});
