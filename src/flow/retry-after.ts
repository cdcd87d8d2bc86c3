/** What an error says of when to come back. */
import { CircuitOpenError } from "./circuit-open-error.ts";

/** Headers as `fetch` has them, or as Node.js and its clients do. */
type Headers = { get(name: string): unknown } | Readonly<Record<string, unknown>>;

interface Answered {
  readonly headers?: Headers | null;
  readonly response?: { readonly headers?: Headers | null } | null;
}

/**
 * Milliseconds after which whoever failed may be asked again; `undefined` if the error says nothing of it.
 *
 * Reads the `Retry-After` of `error.headers` or `error.response.headers`, in seconds or as a date, which is compared with the
 * `Date` of the same answer where there is one: the two clocks need not agree. Of a {@link CircuitOpenError} it is `retryAfter`.
 *
 * @example
 * ```ts
 * import { retryAfter } from "espalier/flow";
 *
 * const response = new Response("busy", { status: 503, headers: { "Retry-After": "2" } });
 * console.log(retryAfter(Object.assign(new Error("busy"), { response }))); // 2000
 * ```
 */
export function retryAfter(error: unknown): number | undefined {
  if (error instanceof CircuitOpenError) return error.retryAfter;
  const answered = (typeof error === "object" && error !== null ? error : {}) as Answered;
  const headers = answered.headers ?? answered.response?.headers ?? {};
  const asked = valueOf(headers, "retry-after");
  if (asked === undefined) return undefined;
  if (/^\s*\d+\s*$/.test(asked)) return Number(asked) * 1_000;
  const at = Date.parse(asked);
  const sent = Date.parse(valueOf(headers, "date") ?? "");
  return Number.isNaN(at) ? undefined : Math.max(0, at - (Number.isNaN(sent) ? Date.now() : sent));
}

function valueOf(headers: Headers, name: string): string | undefined {
  const value = typeof headers.get === "function" ? headers.get(name) : Object.entries(headers).find(([key]) => key.toLowerCase() === name)?.[1];
  return value === undefined || value === null ? undefined : String(value);
}
