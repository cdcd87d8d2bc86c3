/** In bundles this is the SuppressedError of tests: the platform's, or as compilers make one for Node.js 22, by its name. */
interface Made extends Error {
  error: unknown;
  suppressed: unknown;
}

function made(this: unknown, error: unknown, suppressed: unknown, message?: string): Made {
  return Object.assign(new Error(message), { name: "SuppressedError", error, suppressed });
}
Object.defineProperty(made, Symbol.hasInstance, { value: (value: unknown) => value instanceof Error && value.name === "SuppressedError" });

export const suppressedError: unknown = (globalThis as { SuppressedError?: unknown }).SuppressedError ?? made;
