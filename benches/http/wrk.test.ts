import assert from "node:assert/strict";
import { test } from "node:test";
import { readWrk } from "./wrk.ts";

const printed = `Running 1s test @ http://127.0.0.1:8080/item/0
  1 threads and 100 connections
  Thread Stats   Avg      Stdev     Max   +/- Stdev
    Latency     2.01ms    1.01ms  20.11ms   91.11%
    Req/Sec    50.11k     3.10k   55.21k    80.00%
  Latency Distribution
     50%  812.00us
     75%    2.10ms
     90%    2.51ms
     99%    1.20s 
  50120 requests in 1.00s, 60.00MB read
Requests/sec:  50012.34
Transfer/sec:     59.90MB
`.replaceAll(/ +$/gm, "");

test("readWrk() reads the throughput, and latencies in ms whatever unit they are printed in", () => {
  assert.deepEqual(readWrk(printed), { batches: [], p50: 0.812, p99: 1_200, requestsPerSecond: 50_012.34 });
});
