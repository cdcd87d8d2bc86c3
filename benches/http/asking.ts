/** A client's process: it asks in one way by one client, as often as it is told. */
import process from "node:process";
import { percentile } from "../../src/cli/bench/http/statistics.ts";
import { type ClientName, clients } from "./clients.ts";
import { type JoinName, joins } from "./joins.ts";
import { type Get, HttpError, type Pool } from "./pool.ts";
import type { BatchAnswer, BatchQuestion, FailureAnswer, FailureQuestion, Question } from "./question.ts";

const bodyBytes = 1024;

export function asking(client: ClientName, way: JoinName): (question: unknown) => Promise<unknown> {
  const asker = new Asker(client, way);
  return (about) => {
    const question = about as Question;
    if (question.kind === "batch") return asker.batches(question);
    return question.kind === "failure" ? asker.failure(question) : asker.quiet();
  };
}

class Asker {
  readonly #client: ClientName;
  readonly #way: JoinName;
  #under = 0;
  #whenQuiet: () => void = () => {};
  #rest: (() => Promise<unknown>) | undefined;

  constructor(client: ClientName, way: JoinName) {
    this.#client = client;
    this.#way = way;
  }

  /** One batch that opens the connections, then those that are measured. */
  async batches({ url, requests, connections, ms }: BatchQuestion): Promise<BatchAnswer> {
    const pool = await clients[this.#client](connections);
    const addresses = addressesOf(url, requests);
    const times: number[] = [];
    const batch = async (): Promise<number> => {
      let bytes = 0;
      const get: Get = async (address, signal) => {
        const asked = performance.now();
        const received = await pool.get(address, signal);
        times.push(performance.now() - asked);
        bytes += received;
        return received;
      };
      const began = performance.now();
      const { result } = await joins[this.#way].begin({ addresses, get, limit: connections });
      await result;
      const took = performance.now() - began;
      if (bytes !== requests * bodyBytes) throw new Error(`${bytes} bytes came where ${requests} answers of ${bodyBytes} were asked for`);
      return took;
    };
    await batch();
    times.length = 0;
    const before = process.cpuUsage();
    const batches: number[] = [];
    const until = performance.now() + ms;
    do batches.push(await batch());
    while (performance.now() < until);
    const { user, system } = process.cpuUsage(before);
    await pool.close();
    return {
      batches,
      p50: percentile(times, 0.5),
      p99: percentile(times, 0.99),
      requestsPerSecond: (1000 * requests * batches.length) / batches.reduce((sum, one) => sum + one, 0),
      cpu: (user + system) / 1000 / batches.length,
    };
  }

  /** One of them fails: tells when the caller has the error. What goes on is left to go on. */
  async failure({ url, requests, connections }: FailureQuestion): Promise<FailureAnswer> {
    const pool = await clients[this.#client](connections);
    let failedAt: number | undefined;
    const get: Get = async (address, signal) => {
      this.#under++;
      try {
        return await pool.get(address, signal);
      } catch (error) {
        if (error instanceof HttpError) failedAt ??= performance.now();
        throw error;
      } finally {
        if (--this.#under === 0) this.#whenQuiet();
      }
    };
    const { result, all } = await joins[this.#way].begin({ addresses: addressesOf(url, requests), get, limit: connections });
    const failed = await result.then(
      () => false,
      () => true,
    );
    const erroredAt = performance.now();
    if (!failed) throw new Error("nothing failed, although one was answered with an error");
    if (failedAt === undefined) throw new Error("another request failed, and not by its status");
    this.#rest = () => this.#ended(all, pool);
    return { errorAfter: erroredAt - failedAt };
  }

  /** When nothing runs any more. */
  async quiet(): Promise<null> {
    await this.#rest?.();
    this.#rest = undefined;
    return null;
  }

  async #ended(all: Promise<unknown>, pool: Pool): Promise<void> {
    await all;
    // Some are over before what they began is.
    if (this.#under > 0) await new Promise<void>((resolve) => (this.#whenQuiet = resolve));
    await pool.close();
  }
}

/** The one that fails is the same in every way. */
const addressesOf = (url: string, requests: number): string[] => Array.from({ length: requests }, (_, item) => `${url}/item/${item}`);
