/** 256 KB with each call, which adds its numbers up: copied, given away, or in memory that is shared. Eight in flight. */
import { timed } from "../sample.ts";
import { contest } from "./contest.ts";
import { inFlight } from "./flight.ts";
import type { Run } from "./pools.ts";
import { atLeast, perSecond, type Workload } from "./workload.ts";

const items = 1_000;
const width = 8;
const numbers = 32_768;

/**
 * As many as nobody has in flight: a pool that sends several calls in one message would send what they have in common once, and
 * no program sends the same thing over and over.
 */
const sources = 32;

function payload(what: string, limit: number, begin: () => (run: Run, index: number) => PromiseLike<unknown>): Workload {
  return {
    what: `256 KB, ${what}, ${width} in flight`,
    items,
    unit: "calls/s",
    better: "more",
    reach: { beside: "the best", reach: atLeast(limit) },
    shown: perSecond,
    sample: (pool) => {
      const call = begin();
      return timed(items, () => pool((run) => inFlight(width, items, (index) => check(call(run, index)))));
    },
  };
}

/** Calls in turn with each of several arrays. */
const inTurn = (make: () => Float64Array, call: (run: Run, values: Float64Array) => PromiseLike<unknown>) => () => {
  const all = Array.from({ length: sources }, make);
  return (run: Run, index: number) => call(run, all[index % sources]!);
};

async function check(result: PromiseLike<unknown>): Promise<void> {
  const total = await result;
  if (total !== numbers) throw new Error(`the sum was ${String(total)} where ${numbers} belongs`);
}

const plain = (): Float64Array<ArrayBuffer> => new Float64Array(numbers).fill(1);
const shared = (): Float64Array => new Float64Array(new SharedArrayBuffer(numbers * Float64Array.BYTES_PER_ELEMENT)).fill(1);
const send = (run: Run, values: Float64Array): PromiseLike<unknown> => run("sum", values);

/** Who gives a buffer away has made it: a copy is made for each call, outside of what pools do. */
const give = (run: Run, values: Float64Array): PromiseLike<unknown> => {
  const copy = new Float64Array(values);
  return run("sum", copy, [copy.buffer]);
};

export const { ways, row } = contest(
  import.meta.url,
  "threads",
  {
    copied: payload("copied", 1, inTurn(plain, send)),
    transferred: payload("transferred", 1, inTurn(plain, give)),
    shared: payload("shared", 0.9, inTurn(shared, send)),
  },
  { budget: 20_000 },
);
