/** Works of the tests of clusters. */
import { sleep } from "espalier";
import { callback, work } from "espalier/executor";

/** What began, ended and was cancelled, in the thread of the tests. */
export const log: { readonly what: "began" | "ended" | "cancelled"; readonly key: number; readonly at: number }[] = [];

export const echo = work(import.meta, "echo", (input: unknown) => input);
export const versioned = work(import.meta, "versioned", () => "version 2", { version: "2" });
export const ask = callback<unknown, unknown>(import.meta, "ask");
export const asks = work(import.meta, "asks", (input: unknown, scope) => scope.caller.call(ask, input));

/** Takes so long, and says how it went. */
export const takes = work(import.meta, "takes", async ({ key, ms }: { key: number; ms: number }, scope) => {
  log.push({ what: "began", key, at: scope.now() });
  try {
    await sleep(ms, scope);
    log.push({ what: "ended", key, at: scope.now() });
    return key;
  } catch (error) {
    log.push({ what: "cancelled", key, at: scope.now() });
    throw error;
  }
});
export const takesOnce = work(import.meta, "takesOnce", (input: { key: number; ms: number }, scope): unknown => takes(input, scope), { once: true });
export const keyOf = work(import.meta, "keyOf", (_: void, scope) => scope.caller.key);
export const left = work(import.meta, "left", (_: void, scope) => scope.deadline - scope.now());
