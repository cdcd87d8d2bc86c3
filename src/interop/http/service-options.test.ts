/** What a service refuses to be told, and what it hands on. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { failAfter } from "espalier";
import { downstream, HttpService, type HttpServiceOptions } from "espalier/http";

test("a service refuses what it could not use when it needs it", () => {
  for (const DEADLINE of [5, 200, 600, 500.5, Number.NaN, "504"]) assert.throws(() => new HttpService({ status: { DEADLINE: DEADLINE as number } }), /RangeError: .*status from 400 to 599 for DEADLINE/);
  for (const header of ["", "a b", "a:", 5, true]) assert.throws(() => new HttpService({ header: header as never }), /TypeError: .*name of a header/);
  const fine: HttpServiceOptions[] = [{ status: { CLIENT_GONE: 444, DEADLINE: undefined } }, { header: false }, { header: "Grpc-Timeout" }];
  for (const options of fine) assert.doesNotThrow(() => new HttpService(options));
});

test("downstream() keeps the headers of whatever class, and says the time once", async () => {
  class Others {
    *[Symbol.iterator](): Generator<[string, string]> {
      yield ["accept", "text/plain"];
    }
  }
  await failAfter(60_000, async (scope) => {
    const { headers } = downstream(scope, { headers: new Others() as unknown as Headers });
    assert.equal(headers.get("accept"), "text/plain");
    assert.match(headers.get("x-request-timeout-ms")!, /^\d+$/);
    const record = downstream(scope, { headers: { "X-Request-Timeout-MS": "1", accept: "text/plain" } }).headers;
    assert.deepEqual(Object.keys(record), ["accept", "x-request-timeout-ms"]);
  });
});
