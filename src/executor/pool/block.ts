import type { OpenExecutor } from "../contract.ts";

/** Runs `body` with an executor of its own: left without an error, it is closed in peace; with one, its calls are cancelled first (T08). */
export async function block<E extends OpenExecutor, T>(open: () => E, body: (executor: E) => T | PromiseLike<T>): Promise<T> {
  if (typeof body !== "function") throw new TypeError(`The block form of an executor needs the function to run with it, and got ${typeof body}.`);
  const executor = open();
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
