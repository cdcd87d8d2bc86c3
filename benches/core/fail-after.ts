/**
 * A time limit that is not reached: `failAfter` around a resolved promise, beside what a careful program writes by hand
 * today. One after the other, as a request handler would call it.
 */
import { failAfter } from "../espalier.ts";
import { interleave, timed } from "../measure.ts";
import { median, pairedRatio } from "../ratio.ts";
import { atMost, type Row } from "../row.ts";

const items = 2_000;
const limit = 30_000;
const resolved: Promise<number> = Promise.resolve(1);
const body = (): Promise<number> => resolved;

export const row: Row = {
  async measure() {
    const took = await interleave({
      failAfter: timed(items, () => inSequence(() => failAfter(limit, body))),
      byHand: timed(items, () => inSequence(() => withTimeout(limit, body))),
    });
    return [
      {
        what: "time limit around a resolved promise",
        items,
        unit: "µs",
        ours: { name: "failAfter", value: median(took.failAfter) },
        beside: { name: "Promise.race by hand", value: median(took.byHand) },
        ratio: pairedRatio(took.failAfter, took.byHand),
        reach: atMost(1),
      },
    ];
  },
};

async function inSequence(call: () => Promise<unknown>): Promise<void> {
  for (let i = 0; i < items; i++) await call();
}

/** Clears its timer on every way out, and makes its error only when it is needed. */
async function withTimeout<T>(ms: number, work: () => Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`timed out after ${ms} ms`)), ms);
  });
  try {
    return await Promise.race([work(), late]);
  } finally {
    clearTimeout(timer);
  }
}
