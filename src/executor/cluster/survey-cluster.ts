import { realClock } from "../../task/clock.ts";
import type { Cancellable, CancelScope } from "../../task/capabilities.ts";
import { nodeFor } from "../../task/park.ts";
import { openLimited } from "../../task/scopes.ts";
import { NAMESPACE, SERVERS } from "./local/boot.ts";
import { connectNats } from "./nats/nats-transport.ts";
import type { NatsOptions } from "./nats/options.ts";
import { Subjects } from "./subjects.ts";
import { type About, survey } from "./survey.ts";

/** What is asked, and where. */
export interface SurveyOptions {
  /** As of a cluster: by default `ESPALIER_NATS`. */
  servers?: string | readonly string[] | undefined;
  namespace?: string | undefined;
  nats?: NatsOptions | undefined;
  /** How long answers are waited for, in ms: 500 by default. */
  wait?: number | undefined;
}

const WAIT_MS = 500;
const STALE_MS = 5_000;

/**
 * Asks all callers and workers of a namespace who they are and what they run. Who does not answer in time is not in the list. Rejects with ClusterError `"NOT_CONNECTED"`
 * where no server can be reached. What the command `espalier cluster ps` shows.
 *
 * @example
 * ```ts
 * import { run } from "espalier";
 * import { surveyCluster } from "espalier/cluster";
 *
 * const workers = () => run(async (scope) => (await surveyCluster({ servers: "nats://localhost:4222" }, scope)).filter(({ kind }) => kind === "worker"));
 * console.log(typeof workers); // "function": it needs a server
 * ```
 */
export function surveyCluster(options: SurveyOptions, scope: Cancellable): Promise<readonly About[]> {
  try {
    const node = nodeFor(scope, "surveyCluster()");
    return openLimited(node, node.clock, "failAfter", Infinity, (own) => ask(options, own), { name: "survey" });
  } catch (error) {
    return Promise.reject(error);
  }
}

async function ask({ nats, wait = WAIT_MS, ...options }: SurveyOptions, scope: CancelScope): Promise<readonly About[]> {
  const servers = options.servers ?? process.env[SERVERS];
  if (servers === undefined || servers.length === 0) throw new TypeError("A survey needs the servers of the cluster: surveyCluster({ servers: \"nats://…\" }, …), or ESPALIER_NATS.");
  const transport = await connectNats(servers, "survey", STALE_MS, nats);
  try {
    return await scope.wait(survey(transport, new Subjects(options.namespace ?? (process.env[NAMESPACE] || "default")), realClock, wait));
  } finally {
    await transport.close();
  }
}
