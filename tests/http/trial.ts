import assert from "node:assert/strict";
import type { Server } from "node:http";
import { type CancelScope, isCancelled, moveOnAfter, type Scope } from "espalier";
import { tree } from "espalier/lowlevel";
import { HttpService, type HttpServiceOptions, nodeServer, type RouteOptions } from "espalier/http";
import { Agent, request as ask } from "undici";
import { type Answer, type Framework, listen } from "./frameworks.ts";

export interface Trial {
  readonly origin: string;
  readonly service: HttpService;
  readonly server: Server;
  /** What reached the error handler of the framework. */
  readonly failures: unknown[];
  /** As SIGTERM would. */
  stop(): void;
  /** Settles when the service has ended. */
  readonly ended: Promise<void>;
  /** A request by the trial's own client, whose connections are kept. */
  get(path?: string, options?: { headers?: Record<string, string>; signal?: AbortSignal }): Promise<{ status: number; text: string; headers: Record<string, string | string[] | undefined> }>;
  readonly agent: Agent;
}

export interface TrialOptions extends HttpServiceOptions {
  readonly route?: RouteOptions;
  readonly linger?: number;
}

/** Serves `answer` with a framework while `body` runs; then the service is stopped, and nothing is left of it. */
export async function serving(framework: Framework, answer: Answer, options: TrialOptions, body: (trial: Trial, scope: Scope) => Promise<void>): Promise<void> {
  const { route, linger = 20, ...rest } = options;
  const standing = tree().length;
  const service = new HttpService(rest);
  const failures: unknown[] = [];
  const server = await framework.start(service, { answer, ...(route === undefined ? {} : { route }), failed: (error) => failures.push(error) });
  const acceptor = nodeServer(server, { linger });
  const origin = await listen(server);
  const agent = new Agent();
  let stop!: () => void;
  const ended = moveOnAfter(Infinity, async (scope: CancelScope) => {
    stop = () => scope.cancel("SIGTERM");
    await service.serve(acceptor, scope);
  });
  try {
    const get: Trial["get"] = async (path = "/", { headers = {}, signal } = {}) => {
      const { statusCode, headers: answered, body: content } = await ask(`${origin}${path}`, { dispatcher: agent, headers, signal: signal ?? null });
      return { status: statusCode, text: await content.text(), headers: answered };
    };
    await moveOnAfter(Infinity, (scope) => body({ origin, service, server, failures, stop, ended, get, agent }, scope));
  } finally {
    stop();
    await ended;
    await agent.destroy();
  }
  assert.equal(service.statistics().running, 0);
  assert.equal(server.listening, false);
  assert.deepEqual(tree().slice(standing), [], "something is left in the tree");
}

/** Waits until it is cancelled, and tells so. */
export async function untilCancelled(group: Scope, told: (source: string) => void): Promise<never> {
  try {
    return await group.wait(new Promise<never>(() => {}));
  } catch (error) {
    if (isCancelled(error)) told(group.reason!.source);
    throw error;
  }
}
