/** Functions that cases run as tasks, and what they collect. */
import { type Scope, sleep, sleepForever, type TaskFunction } from "espalier";
import { ending } from "./case.ts";

export const after =
  <T>(ms: number, value: T): TaskFunction<T> =>
  (scope) =>
    sleep(ms, scope).then(() => value);

export const failing =
  (ms: number, error: unknown): TaskFunction<never> =>
  (scope) =>
    sleep(ms, scope).then(() => Promise.reject(error));

/** Waits for its cancellation, then cleans up for `ms`, and throws `error` if there is one. */
export const cleaning =
  (ms: number, done: () => unknown, error?: unknown): TaskFunction<never> =>
  async (scope) => {
    const end = await ending(sleepForever(scope));
    await scope.shield((own) => sleep(ms, own));
    done();
    throw error ?? ("error" in end ? end.error : undefined);
  };

/** Counts to `to`, and writes down what it does after each number and at last. */
export async function* count(scope: Scope, to: number, steps: unknown[] = []): AsyncGenerator<number> {
  try {
    for (let n = 1; n <= to; n++) {
      await sleep(1, scope);
      yield n;
      steps.push(`after ${n}`);
    }
  } finally {
    steps.push("finally");
  }
}

export async function collect<T>(items: AsyncIterable<T>, into: T[] = []): Promise<T[]> {
  for await (const item of items) into.push(item);
  return into;
}
