/** The report as people read it: what was done and where, the tables, what they show. At most 100 columns wide. */
import type { Colours } from "../../../terminal.ts";
import type { BenchReport, ClientReport, MeasuredClient } from "./bench-report.ts";
import { findings } from "./findings.ts";
import { count } from "./format.ts";
import { failingTable, fanOutTable } from "./tables.ts";
import { wrap } from "./wrap.ts";

export function renderReport(report: BenchReport, colours: Colours): string {
  const { workload, machine, clients } = report;
  const measured = clients.filter((client): client is MeasuredClient => "fanOut" in client);
  const missing = clients.filter((client): client is Exclude<ClientReport, MeasuredClient> => "missing" in client);
  const requests = count(workload.requests);
  const heading = (text: string): string => colours.bold(text);
  const note = (text: string): string => wrap(text).map((line) => colours.dim(line)).join("\n");
  const beside = workload.pLimit === null ? "" : ` p-limit ${workload.pLimit}.`;
  const blocks = [
    [
      heading(`espalier ${report.espalier} · ${requests} GETs${workload.bytes === null ? "" : ` of ${workload.bytes / 1024} KB`} at once`),
      note(`${machine.runtime} on ${machine.cpu}, ${machine.cores} cores, ${machine.system}, load ${machine.load}, ${machine.date}. Server: ${workload.server}.${beside}`),
    ],
    [heading("The fan-out"), note(aboutFanOut(workload))],
    ...measured.map((client) => [`${heading(client.client)} ${colours.dim(`· ${poolOf(client, workload.connections)}`)}`, fanOutTable(client.fanOut, colours)]),
    ...missing.map((client) => [heading(client.client), colours.yellow(client.missing)]),
  ];
  if (measured.length > 0) {
    blocks.push(
      [heading("The failing run"), note(aboutFailing(workload))],
      ...measured.map((client) => [heading(client.client), failingTable(client.failing, colours)]),
      [heading("What this shows"), ...findings(report).map((finding) => wrap(finding, "· ").join("\n"))],
    );
  }
  if (machine.load > machine.cores) {
    blocks.push([colours.yellow(wrap(`The machine was busy before this began (load ${machine.load} on ${machine.cores} cores): trust the counts and the order, not the digits.`).join("\n"))]);
  }
  return `${blocks.map((block) => block.join("\n")).join("\n\n")}\n`;
}

function aboutFanOut({ rounds, warmUps }: BenchReport["workload"]): string {
  return (
    `${rounds} ${rounds === 1 ? "round" : "rounds"} after ${warmUps} to warm up, every way once a round in shuffled order, each batch on a new pool without connections. ` +
    `P50 and P99 of the batch; the ratio is the median of the rounds' ratios of requests/s, with its quartiles; connections: most open at once.`
  );
}

function aboutFailing({ failingRounds, failingServer }: BenchReport["workload"]): string {
  return (
    `The same requests, all slow but one, which fails while the others are under way; ${failingRounds === 1 ? "one run" : `median of ${failingRounds} runs`}, counted at ${failingServer}. ` +
    `After the failure: when the caller had the error, how many requests were still started, siblings answered to their end and connections made, and when nothing was left. ` +
    `The siblings are answered as soon as the caller has the error: for the ways that leave them running, quiet comes when they are done, here at its earliest.`
  );
}

function poolOf({ client, source }: MeasuredClient, connections: number): string {
  return client === "fetch" ? `${source}: as many connections as requests under way` : `${source}: at most ${count(connections)} connections, the rest queue inside`;
}
