import type { OpenExecutor } from "../contract.ts";

/** Runs `body` with an executor: left without an error, it is closed in peace; with one, its calls are cancelled first (T08). */
export async function block<E extends OpenExecutor, T>(executor: E, body: (executor: E) => T | PromiseLike<T>): Promise<T> {
  let value: T;
  try {
    value = await body(executor);
  } catch (error) {
    await executor[Symbol.asyncDispose]();
    throw error;
  }
  await executor.close();
  return value;
}
