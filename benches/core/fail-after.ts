/**
 * A time limit that is not reached: `failAfter` around a resolved promise, beside what a careful program writes by hand
 * today. One after the other, as a request handler would call it.
 */
import { failAfter } from "../espalier.ts";
import { interleave } from "../measure.ts";
import { atMost, compare, type Row } from "../row.ts";
import { timed, type Ways } from "../sample.ts";

const items = 2_000;
const limit = 30_000;
const resolved: Promise<number> = Promise.resolve(1);
const body = (): Promise<number> => resolved;

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

async function inSequence(call: () => Promise<unknown>): Promise<void> {
  for (let i = 0; i < items; i++) await call();
}

export const ways: Ways = {
  failAfter: () => timed(items, () => inSequence(() => failAfter(limit, body))),
  byHand: () => timed(items, () => inSequence(() => withTimeout(limit, body))),
};

export const row: Row = {
  async measure() {
    const took = await interleave(import.meta.url, ["failAfter", "byHand"]);
    const about = { what: "time limit around a resolved promise", items, unit: "µs", reach: atMost(1) };
    return [compare(about, ["failAfter", took.failAfter], ["Promise.race by hand", took.byHand])];
  },
};
