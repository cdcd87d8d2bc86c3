/** How much time a request has, as services tell it to each other: whole milliseconds that are left, in a header. */
import type { Scope } from "../../index.ts";

/** The header in which a client says how many milliseconds it will wait, and in which that is handed on. */
export const TIMEOUT_HEADER = "x-request-timeout-ms";

/** The name of a header, as it is looked for. Throws a TypeError for what is none. */
export function needHeader(name: string): string {
  if (typeof name === "string" && /^[\w!#$%&'*+.^`|~-]+$/.test(name)) return name.toLowerCase();
  throw new TypeError(`A service needs the name of a header in which clients say how long they wait, or false for none, and got ${typeof name === "string" ? `"${name}"` : String(name)}.`);
}

/**
 * The milliseconds that a header's value states; `undefined` where it states none. What is no whole number, and a header that
 * came twice, is not taken for one: to know no limit hurts nobody, to invent one does.
 */
export function millisecondsOf(value: string | null | undefined): number | undefined {
  return value !== undefined && value !== null && /^\d{1,15}$/.test(value) ? Number(value) : undefined;
}

/** The value of a header among raw ones (`[name, value, name, value …]`), without making a table of all of them. */
export function rawHeader(raw: readonly string[], name: string): string | undefined {
  let found: string | undefined;
  for (let index = 0; index < raw.length; index += 2) {
    const one = raw[index]!;
    if (one.length !== name.length || (one !== name && one.toLowerCase() !== name)) continue;
    if (found !== undefined) return undefined;
    found = raw[index + 1];
  }
  return found;
}

/** The headers of a request, in the forms that `fetch` and undici both take. */
export type RequestHeaders = Headers | Readonly<Record<string, string>>;

/** What a call of another service is made with: `fetch(url, options)`, `request(url, options)` of undici. */
export interface DownstreamOptions<H = RequestHeaders> {
  readonly signal: AbortSignal;
  readonly headers: H;
}

/**
 * The options of a request to another service, with the signal of `scope` and with the time that is left in it: the other one need not
 * work longer than anybody waits. `init` is kept; where the scope has no deadline its headers are as they were.
 *
 * Throws the CancelledError of a scope that is cancelled: then there is nobody to ask for. The time is rounded down, and the way there is
 * not taken off.
 *
 * @example
 * ```ts
 * import { failAfter } from "espalier";
 * import { downstream } from "espalier/http";
 *
 * await failAfter(2_000, async (scope) => {
 *   const options = downstream(scope, { method: "POST", headers: { accept: "text/plain" } });
 *   console.log(options.method, Object.keys(options.headers)); // POST [ 'accept', 'x-request-timeout-ms' ]
 *   // const response = await fetch("https://billing.internal/charge", options);
 * });
 * ```
 */
export function downstream(scope: Scope): DownstreamOptions<Record<string, string>>;
/**
 * The same beside the options of a request: what they have is kept, and the time left is added to their headers.
 *
 * @example
 * ```ts
 * import { failAfter } from "espalier";
 * import { downstream } from "espalier/http";
 *
 * await failAfter(2_000, async (scope) => console.log(downstream(scope, { method: "PUT" }).method)); // PUT
 * ```
 */
export function downstream<I extends object>(
  scope: Scope,
  init: I & { readonly headers?: RequestHeaders | undefined },
  header?: string,
): Omit<I, "signal" | "headers"> & DownstreamOptions<I extends { readonly headers: Headers } ? Headers : Record<string, string>>;
export function downstream(scope: Scope, init: { readonly headers?: RequestHeaders | undefined } = {}, header: string = TIMEOUT_HEADER): DownstreamOptions {
  scope.throwIfCancelled();
  const left = timeLeft(scope);
  const { headers = {} } = init;
  return { ...init, signal: scope.signal, headers: left === Infinity ? headers : withHeader(headers, header, String(Math.floor(left))) };
}

/**
 * How many milliseconds `scope` has: Infinity without a deadline, 0 once it is cancelled.
 *
 * @example
 * ```ts
 * import { failAfter, taskGroup } from "espalier";
 * import { timeLeft } from "espalier/http";
 *
 * await taskGroup((group) => console.log(timeLeft(group))); // Infinity
 * await failAfter(1_000, (scope) => console.log(timeLeft(scope) <= 1_000)); // true
 * ```
 */
export function timeLeft(scope: Scope): number {
  return Math.max(0, scope.deadline - scope.now());
}

function withHeader(headers: RequestHeaders, name: string, value: string): RequestHeaders {
  // Not `instanceof`: those of undici are of another class.
  if (Symbol.iterator in headers) {
    const copy = new Headers(headers);
    copy.set(name, value);
    return copy;
  }
  // Whatever its case: a header that comes twice says nothing.
  const others = Object.entries(headers).filter(([key]) => key.toLowerCase() !== name.toLowerCase());
  return { ...Object.fromEntries(others), [name]: value };
}
