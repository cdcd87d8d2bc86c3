/** What the commands of a cluster have in common: where it is, and by what right. */
import { readFile } from "node:fs/promises";
import type { Command } from "commander";
import type { NatsOptions, SurveyOptions } from "espalier/cluster";
import { CommandError } from "../failure.ts";

export interface ConnectionFlags {
  readonly nats?: string;
  readonly namespace?: string;
  readonly creds?: string;
  readonly tlsCa?: string;
  readonly tlsCert?: string;
  readonly tlsKey?: string;
}

export function withConnection(command: Command): Command {
  return command
    .option("--nats <urls>", "the NATS servers, with commas between them; by default ESPALIER_NATS")
    .option("--namespace <name>", "callers and workers of one namespace find each other; by default ESPALIER_NAMESPACE, or \"default\"")
    .option("--creds <file>", "a credentials file of NATS")
    .option("--tls-ca <file>", "the certificate of who signed the servers' certificates")
    .option("--tls-cert <file>", "the certificate of this side, where the servers want one")
    .option("--tls-key <file>", "its key");
}

/** As the library takes it; throws CommandError for what cannot be so. */
export async function connectionOf({ nats = process.env["ESPALIER_NATS"], namespace, creds, tlsCa, tlsCert, tlsKey }: ConnectionFlags): Promise<SurveyOptions> {
  if (nats === undefined || nats === "") throw new CommandError("No NATS servers are given.", "Say where they are: --nats nats://localhost:4222, or ESPALIER_NATS.", { exitCode: 2 });
  const options: NatsOptions = {};
  if (creds !== undefined) options.creds = await contentOf(creds);
  const files = { caFile: tlsCa, certFile: tlsCert, keyFile: tlsKey };
  const given = Object.fromEntries(Object.entries(files).filter(([, file]) => file !== undefined));
  if (Object.keys(given).length > 0) options.tls = given;
  return { servers: nats, namespace, nats: options };
}

async function contentOf(file: string): Promise<Uint8Array> {
  try {
    return await readFile(file);
  } catch (cause) {
    throw new CommandError(`The credentials file ${file} cannot be read.`, "Give the file that nsc, or whoever runs the servers, has made for this side.", { cause });
  }
}

/** Errors of the library that the caller of a command can do something about. */
export function forPeople(error: unknown): unknown {
  const isExpected = error instanceof Error && (error.name === "ClusterError" || error instanceof TypeError || (error.name === "MisuseError" && (error as { code?: unknown }).code === "NOT_DECLARED"));
  return isExpected ? new CommandError(error.message, "See espalier worker --help.", { cause: error }) : error;
}
