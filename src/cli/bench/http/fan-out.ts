/**
 * The fan-out, measured: every way once a round, in an order of chance, each on a pool and a site of its own.
 *
 * A batch's time runs from its first line to the moment the caller has its result; opening and closing are outside.
 * Every answer is read and weighed: a batch that got fewer bytes than it asked for is an error, not a fast batch.
 */
import type { Scope } from "espalier";
import type { Client } from "./clients.ts";
import { explainFailure } from "./request-failure.ts";
import { CommandError } from "../../failure.ts";
import { shuffled } from "./statistics.ts";
import type { Target } from "./target.ts";
import type { Way } from "./ways/way.ts";

export interface FanOutWorkload {
  readonly clients: readonly Client[];
  readonly ways: readonly Way[];
  readonly target: Target;
  readonly requests: number;
  readonly connections: number;
  readonly warmUps: number;
  readonly rounds: number;
}

/** One way with one client: an entry per measured round. */
export interface FanOutFigures {
  readonly client: Client;
  readonly way: Way;
  readonly requests: number;
  readonly milliseconds: number[];
  /** Most connections open at once, where the server could count them. */
  readonly connections: number[];
}

/** Called before each step of a measurement. */
export type OnStep = (step: { readonly round: number; readonly client: string; readonly way: string }) => void;

export async function measureFanOut(workload: FanOutWorkload, scope: Scope, onStep: OnStep): Promise<FanOutFigures[]> {
  const figures = workload.clients.flatMap((client) => workload.ways.map((way): FanOutFigures => ({ client, way, requests: workload.requests, milliseconds: [], connections: [] })));
  for (let round = 1 - workload.warmUps; round <= workload.rounds; round++) {
    for (const figure of shuffled(figures)) {
      onStep({ round, client: figure.client.name, way: figure.way.name });
      const batch = await measureBatch(workload, figure, scope);
      if (round < 1) continue;
      figure.milliseconds.push(batch.milliseconds);
      if (batch.connections !== undefined) figure.connections.push(batch.connections);
    }
  }
  return figures;
}

interface Batch {
  readonly milliseconds: number;
  readonly connections: number | undefined;
}

async function measureBatch({ target, requests, connections }: FanOutWorkload, { client, way }: FanOutFigures, scope: Scope): Promise<Batch> {
  const { addresses, close } = await target.open(requests, scope);
  const pool = client.open(connections);
  // What waits without a signal can be reached through its pool only.
  const onCancel = scope.onCancel(() => pool.destroy());
  try {
    let bytes = 0;
    let lost: { readonly error: unknown } | undefined;
    const get: typeof pool.get = async (address, cancellable) => {
      try {
        const received = await pool.get(address, cancellable);
        bytes += received;
        return received;
      } catch (error) {
        lost ??= { error };
        throw error;
      }
    };
    const began = performance.now();
    await way.begin({ addresses, get, limit: connections, scope }).result;
    const milliseconds = performance.now() - began;
    // allSettled() succeeds all the same.
    if (lost !== undefined) throw lost.error;
    if (target.bytes !== undefined && bytes !== target.bytes * requests) {
      throw new CommandError(
        `${way.name} with ${client.name} received ${bytes} bytes where ${requests} answers of ${target.bytes} were asked for`,
        "A way that loses answers cannot be compared: please report it.",
      );
    }
    await pool.close();
    const counts = await close(scope);
    return { milliseconds, connections: counts?.connections.peak };
  } catch (error) {
    scope.throwIfCancelled();
    throw explainFailure(error, { doing: `${way.name} with ${client.name}`, asked: target });
  } finally {
    onCancel[Symbol.dispose]();
    pool.destroy();
  }
}
