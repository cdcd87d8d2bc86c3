/** The options of `espalier bench http`, and what is said when one of them makes no sense. */
import { type Command, InvalidArgumentError, Option } from "commander";
import { type ClientName, clientNames } from "./clients.ts";

export interface BenchHttpOptions {
  readonly requests: number;
  readonly connections: number;
  readonly rounds: number;
  readonly client: ClientName | "both";
  readonly server: "auto" | "embedded" | "nginx";
  readonly url?: URL;
  readonly json: boolean;
}

export function addOptions(command: Command): Command {
  return command
    .addOption(new Option("--requests <n>", "GETs of a batch, all at once").default(1_000).argParser(wholeNumber("--requests", 1, 100_000)))
    .addOption(new Option("--connections <n>", "connections of undici's pool, and the limit of the ways that have one").default(100).argParser(wholeNumber("--connections", 1, 10_000)))
    .addOption(new Option("--rounds <n>", "measured rounds; the failing run takes a quarter as many").default(12).argParser(wholeNumber("--rounds", 1, 1_000)))
    .addOption(new Option("--client <name>", "which client asks").choices([...clientNames, "both"]).default("both"))
    .addOption(new Option("--url <url>", "measure the fan-out against this URL (the failing run keeps its own server)").argParser(webAddress))
    .addOption(new Option("--server <kind>", "which server answers the fan-out; auto: nginx where it is installed, else the embedded one").choices(["auto", "embedded", "nginx"]).default("auto").conflicts("url"))
    .option("--json", "print the figures as JSON", false);
}

/** A parser of digits within bounds, whose refusal says what is taken. */
export function wholeNumber(option: string, least: number, most: number): (value: string) => number {
  return (value) => {
    const number = Number(value);
    if (/^\d+$/.test(value) && number >= least && number <= most) return number;
    const cause = /^[\d_,. ]+$/.test(value) && !/^\d+$/.test(value) ? "; write it with digits only" : "";
    throw new InvalidArgumentError(`${option} takes a whole number from ${least} to ${most}${cause}.`);
  };
}

function webAddress(value: string): URL {
  const url = URL.canParse(value) ? new URL(value) : undefined;
  if (url?.protocol === "http:" || url?.protocol === "https:") return url;
  const cause = url !== undefined && !value.includes("://") ? `; did you mean http://${value}?` : "";
  throw new InvalidArgumentError(`--url takes an address that begins with http:// or https://${cause}`);
}
