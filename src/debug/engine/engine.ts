/** What debug mode asks of the engine, on Node.js, Bun and Deno. */
import { AsyncLocalStorage } from "node:async_hooks";
import v8 from "node:v8";
import type { ContextStorage, PromiseHooks } from "./features.ts";

export const newStorage: (<T>() => ContextStorage<T>) | undefined = <T>() => new AsyncLocalStorage<T>();

/** False where there is no such thing: Bun has the function, and it throws. */
export function hookPromises(hooks: PromiseHooks): boolean {
  try {
    v8.promiseHooks.createHook(hooks);
    return true;
  } catch {
    return false;
  }
}
