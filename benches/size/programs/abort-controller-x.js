import { all, delay, race } from "abort-controller-x";

const get = async (kind, id, signal) => {
  const response = await fetch(`/${kind}/${id}`, { signal });
  if (!response.ok) throw new Error(`${kind}: ${response.status}`);
  return response.json();
};

const late = async (signal, ms) => {
  await delay(signal, ms);
  throw new Error("timed out");
};

export const profile = (id, ms) =>
  race(new AbortController().signal, (raced) => [all(raced, (signal) => ["user", "orders", "friends"].map((kind) => get(kind, id, signal))), late(raced, ms)]);
