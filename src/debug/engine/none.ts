/** Browsers have neither. */
import type { ContextStorage, PromiseHooks } from "./features.ts";

export const newStorage: (<T>() => ContextStorage<T>) | undefined = undefined;

export function hookPromises(_hooks: PromiseHooks): boolean {
  return false;
}
