/** What every client of JavaScript is. */

/** One GET, read to its end: gives the number of bytes, and rejects with an `HttpError` for anything but success. */
export type Get = (address: string, signal?: AbortSignal) => Promise<number>;

export interface Pool {
  readonly get: Get;
  close(): unknown;
}

export type OpenPool = (connections: number) => Pool | Promise<Pool>;

export class HttpError extends Error {
  override readonly name = "HttpError";
}
