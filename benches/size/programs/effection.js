import { all, call, race, run, sleep, useAbortSignal } from "effection";

function* get(kind, id) {
  const signal = yield* useAbortSignal();
  const response = yield* call(() => fetch(`/${kind}/${id}`, { signal }));
  if (!response.ok) throw new Error(`${kind}: ${response.status}`);
  return yield* call(() => response.json());
}

function* late(ms) {
  yield* sleep(ms);
  throw new Error("timed out");
}

export const profile = (id, ms) => run(() => race([all(["user", "orders", "friends"].map((kind) => call(() => get(kind, id)))), call(() => late(ms))]));
