/** The clients of JavaScript. A pool begins without a connection, keeps at most so many, and keeps them open; fetch has no such limit. */
import { Agent as HttpAgent, get as httpGet } from "node:http";
import { type Get, HttpError, type OpenPool } from "./pool.ts";
import { openRaw } from "./raw.ts";

function check(status: number, address: string): void {
  if (status < 200 || status > 299) throw new HttpError(`GET ${address} was answered with status ${status}`);
}

export const openFetch: OpenPool = () => ({
  async get(address, signal) {
    const response = await fetch(address, signal === undefined ? {} : { signal });
    const { byteLength } = await response.arrayBuffer();
    check(response.status, address);
    return byteLength;
  },
  close() {},
});

export const openUndici: OpenPool = async (connections) => {
  const { Agent, request } = await import("undici");
  const dispatcher = new Agent({ connections });
  return {
    async get(address, signal) {
      const { statusCode, body } = await request(address, { dispatcher, signal: signal ?? null });
      const { byteLength } = await body.arrayBuffer();
      check(statusCode, address);
      return byteLength;
    },
    close: () => dispatcher.close(),
  };
};

/** undici without its conveniences: a handler that counts. */
export const openDispatch: OpenPool = async (connections) => {
  const { Agent } = await import("undici");
  const agent = new Agent({ connections });
  const get: Get = (address, signal) => {
    const { origin, pathname: path } = new URL(address);
    return new Promise((resolve, reject) => {
      let bytes = 0;
      let status = 0;
      let stop = (): void => {};
      const onAbort = (): void => stop();
      const ended = (): void => signal?.removeEventListener("abort", onAbort);
      signal?.addEventListener("abort", onAbort);
      agent.dispatch(
        { origin, path, method: "GET" },
        {
          onRequestStart(controller) {
            stop = () => controller.abort(signal!.reason as Error);
            if (signal?.aborted === true) stop();
          },
          onResponseStart(_controller, statusCode) {
            status = statusCode;
          },
          onResponseData(_controller, chunk) {
            bytes += chunk.length;
          },
          onResponseEnd() {
            ended();
            if (status === 200) resolve(bytes);
            else reject(new HttpError(`GET ${address} was answered with status ${status}`));
          },
          onResponseError(_controller, error) {
            ended();
            reject(error);
          },
        },
      );
    });
  };
  return { get, close: () => agent.close() };
};

export const openNodeHttp: OpenPool = (connections) => {
  const agent = new HttpAgent({ keepAlive: true, maxSockets: connections });
  const get: Get = (address, signal) =>
    new Promise((resolve, reject) => {
      const request = httpGet(address, { agent, signal }, (response) => {
        let bytes = 0;
        response.on("data", (chunk: Buffer) => (bytes += chunk.length));
        response.on("error", reject);
        response.on("end", () => {
          if (response.statusCode === 200) resolve(bytes);
          else reject(new HttpError(`GET ${address} was answered with status ${response.statusCode}`));
        });
      });
      request.on("error", reject);
    });
  return { get, close: () => agent.destroy() };
};

export const clients = {
  "fetch": openFetch,
  "undici request": openUndici,
  "undici dispatch": openDispatch,
  "node:http": openNodeHttp,
  "node:net": openRaw,
} satisfies Readonly<Record<string, OpenPool>>;

export type ClientName = keyof typeof clients;
