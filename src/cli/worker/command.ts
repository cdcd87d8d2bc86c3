/** `espalier worker`: runs works for the callers of a cluster, until it is told to end. */
import { resolve } from "node:path";
import { pathToFileURL } from "node:url";
import type { Command } from "commander";
import { type ConnectionFlags, connectionOf, forPeople, withConnection } from "../cluster/options.ts";
import { CommandError } from "../failure.ts";
import type { CommandContext } from "../program.ts";
import { type Health, openHealth } from "./health.ts";

interface Flags extends ConnectionFlags {
  readonly concurrency?: string;
  readonly perWorker?: string;
  readonly drain: string;
  readonly durable?: true;
  readonly replicas?: string;
  readonly health?: string;
}

const DRAIN_SECONDS = "30";
/** For what has to be done when the last call has ended: threads that dispose of what they have. */
const CLOSING_MS = 10_000;

export function addWorker(program: Command, { terminal: { errors }, run }: CommandContext): void {
  const command = program
    .command("worker")
    .description("run works for the callers of a cluster, in threads: those that the modules export, and nothing else")
    .argument("<modules...>", "the modules that declare the works")
    .option("--concurrency <n>", "how many threads; by default as many as the machine runs at once")
    .option("--per-worker <n>", "how many works that wait each thread runs at a time; by default 1")
    .option("--durable", "take calls of durable clusters, too, which JetStream keeps")
    .option("--replicas <n>", "on how many servers they are kept; by default 1")
    .option("--drain <seconds>", "on SIGTERM: how long calls may go on before they are cancelled", DRAIN_SECONDS)
    .option("--health <[host:]port>", "answer HTTP requests with how it is: 200, or 503 while it ends; on loopback unless a host is given");
  withConnection(command).action(async (modules: readonly string[], flags: Flags) => {
    const drain = 1_000 * number(flags.drain, "--drain", 0);
    const size = flags.concurrency === undefined ? undefined : number(flags.concurrency, "--concurrency", 1);
    const perWorker = flags.perWorker === undefined ? undefined : number(flags.perWorker, "--per-worker", 1);
    const durable = flags.durable === true ? { replicas: flags.replicas === undefined ? undefined : number(flags.replicas, "--replicas", 1) } : false;
    const connection = await connectionOf(flags);
    const { serveWorks } = await import("espalier/cluster");
    let health: Health | undefined;
    const serve = async (scope: Parameters<Parameters<typeof run>[0]>[0]): Promise<void> => {
      try {
        await serveWorks(
          {
            ...connection,
            modules: modules.map((module) => (module.includes("://") ? module : pathToFileURL(resolve(module)).href)),
            threads: { size, perWorker },
            drain,
            durable,
            onReady(worker) {
              errors.write(`${worker.name} serves ${worker.works.join(", ")}\n`);
              if (flags.health !== undefined) health = openHealth(flags.health, worker, (problem) => errors.write(`${problem}\n`));
              scope.onCancel(() => errors.write(`${worker.name} takes no more calls, and waits for ${worker.statistics().running}\n`));
            },
          },
          scope,
        );
      } catch (error) {
        throw forPeople(error);
      } finally {
        health?.close();
      }
    };
    await run(serve, { grace: drain + CLOSING_MS });
  });
}

function number(text: string, flag: string, least: number): number {
  const value = Number(text);
  if (text.trim() === "" || !(value >= least)) throw new CommandError(`${flag} needs a number from ${least} up, and got "${text}".`, "See espalier worker --help.", { exitCode: 2 });
  return value;
}
