import { type Callback, callback, type DeclaredWork, type WorkScope, work } from "espalier/executor";

export class TooMany extends RangeError {
  readonly code: string = "TOO_MANY";
}

export const double: DeclaredWork<(n: number) => number> = work(import.meta, "double", (n: number) => 2 * n);

export const refuse: DeclaredWork<(n: number) => never> = work(import.meta, "refuse", (n: number): never => {
  throw new TooMany(`${n} are too many`);
});

/** Sees its cancellation in a busy loop only where memory is shared. */
export const spin: DeclaredWork<(_: void, scope: WorkScope) => never> = work(import.meta, "spin", (_: void, scope: WorkScope): never => {
  for (;;) scope.throwIfCancelled();
});

export const sum: DeclaredWork<(numbers: Float64Array) => number> = work(import.meta, "sum", (numbers: Float64Array) => numbers.reduce((a, b) => a + b, 0));

export const name: Callback<number, string> = callback<number, string>(import.meta, "name");

export const greet: DeclaredWork<(id: number, scope: WorkScope) => Promise<string>> = work(import.meta, "greet", async (id: number, scope) => `hello ${await scope.caller.call(name, id)}`);

export const leave: DeclaredWork<() => void> = work(import.meta, "leave", () => (globalThis as unknown as { close(): void }).close());

export const block: DeclaredWork<(id: number, scope: WorkScope) => string> = work(import.meta, "block", (id: number, scope) => scope.caller.callBlocking(name, id));

export const lost: DeclaredWork<() => Promise<never>> = work(import.meta, "lost", () => new Promise<never>(() => setTimeout(() => {
  throw new Error("nobody caught this");
}, 0)));
