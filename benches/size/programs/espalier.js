import { all, failAfter } from "espalier";

const get = (kind, id) => async (scope) => {
  const response = await fetch(`/${kind}/${id}`, scope);
  if (!response.ok) throw new Error(`${kind}: ${response.status}`);
  return response.json();
};

export const profile = (id, ms) => failAfter(ms, (limited) => all(["user", "orders", "friends"].map((kind) => get(kind, id)), limited));
