import * as Effect from "effect/Effect";

const get = (kind, id) =>
  Effect.tryPromise({
    try: async (signal) => {
      const response = await fetch(`/${kind}/${id}`, { signal });
      if (!response.ok) throw new Error(`${kind}: ${response.status}`);
      return response.json();
    },
    catch: (error) => error,
  });

export const profile = (id, ms) => Effect.runPromise(Effect.timeout(Effect.all(["user", "orders", "friends"].map((kind) => get(kind, id)), { concurrency: "unbounded" }), ms));
