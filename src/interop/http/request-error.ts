import type { CancelledError } from "../../index.ts";

/** What ended a request before its handler did: the time that it had, the end of the service, or the client, which has gone. */
export type RequestEnd = "DEADLINE" | "SHUTDOWN" | "CLIENT_GONE";

const SENTENCE: Record<RequestEnd, string> = {
  DEADLINE: "The request was not answered in the time that it had.",
  SHUTDOWN: "The service is shutting down.",
  CLIENT_GONE: "The client has gone.",
};

/** The status that stands for each end, unless a service says otherwise. Nobody ever sees the last one but logs. */
export const STATUS: Readonly<Record<RequestEnd, number>> = { DEADLINE: 504, SHUTDOWN: 503, CLIENT_GONE: 499 };

/** With what a service says otherwise. Throws a RangeError for what is no status of a failure: it would be found out by the first who needs it. */
export function statusesOf(given: Partial<Record<RequestEnd, number | undefined>> = {}): Record<RequestEnd, number> {
  const all = { ...STATUS };
  for (const end of Object.keys(STATUS) as RequestEnd[]) {
    const status = given[end] ?? all[end];
    if (!Number.isInteger(status) || status < 400 || status > 599) throw new RangeError(`A service needs a status from 400 to 599 for ${end}, and got ${String(status)}.`);
    all[end] = status;
  }
  return all;
}

/**
 * A request was ended, and not by its handler. What frameworks look for is there (`status`, `statusCode`, `expose`, `headers`,
 * `getResponse()`), so their own error handlers answer it; `cause` is the cancellation that the handler saw, if one was called.
 *
 * @example
 * ```ts
 * import { HttpService, RequestError } from "espalier/http";
 *
 * const service = new HttpService({ deadline: 5 });
 * const error = await service.request((group) => group.wait(new Promise(() => {}))).catch((thrown: unknown) => thrown);
 * if (error instanceof RequestError) console.log(error.code, error.status); // DEADLINE 504
 * ```
 */
export class RequestError extends Error {
  readonly code: RequestEnd;
  readonly status: number;
  /** The message may be shown to the client. */
  readonly expose: boolean = true;
  /** For the answer. */
  readonly headers: Readonly<Record<string, string>>;

  constructor(code: RequestEnd, options?: { readonly status?: number | undefined; readonly headers?: Readonly<Record<string, string>> | undefined; readonly cause?: CancelledError | undefined }) {
    super(SENTENCE[code], options?.cause === undefined ? undefined : { cause: options.cause });
    this.code = code;
    this.status = options?.status ?? STATUS[code];
    this.headers = options?.headers ?? {};
  }

  /** The same as `status`: frameworks differ in which of the two they read. */
  get statusCode(): number {
    return this.status;
  }

  /** The answer, for where answers are web Responses. */
  getResponse(): Response {
    const { status, message, headers } = this;
    return new Response(`${message}\n`, { status, headers: { "content-type": "text/plain; charset=utf-8", ...headers } });
  }
}
Object.defineProperty(RequestError.prototype, "name", { value: "RequestError", writable: true, configurable: true });
