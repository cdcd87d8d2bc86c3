/** The report as people read it. */
import { type Column, type Row, renderTable } from "../../table.ts";
import type { Colours } from "../../terminal.ts";
import { count, times } from "../http/report/format.ts";
import { wrap } from "../http/report/wrap.ts";
import type { DispatchReport } from "./benchmark.ts";

const columns: readonly Column[] = [
  { head: "way", align: "left" },
  { head: "a task", align: "right" },
  { head: "× Promise.all", align: "right" },
  { head: "quartiles", align: "right" },
  { head: "tasks", align: "right" },
];

export function renderDispatch({ espalier, machine, workload, rows }: DispatchReport, colours: Colours): string {
  const { tasks, rounds, warmUps } = workload;
  const note = (text: string): string => wrap(text).map((line) => colours.dim(line)).join("\n");
  const cells = rows.map((row): Row => {
    if ("missing" in row) return { first: row.way, rest: colours.yellow(row.missing) };
    const { ratio } = row;
    return [row.ours ? colours.bold(row.way) : row.way, `${row.micros.toPrecision(3)} µs`, times(ratio.median), `${times(ratio.lowerQuartile)}–${times(ratio.upperQuartile)}`, count(row.tasks)];
  });
  return [
    colours.bold(`espalier ${espalier} · ${count(tasks)} tasks with one await each, started together and waited for`),
    note(`${machine.runtime} on ${machine.cpu}, ${machine.cores} cores, ${machine.system}, load ${machine.load}, ${machine.date}.`),
    note(`${count(rounds)} rounds after ${warmUps} to warm up, every way once a round in shuffled order. Medians; the ratio is of the rounds, with its quartiles.`),
    "",
    renderTable(columns, cells, colours),
    "",
    note("All ways share this process, and so each other's garbage: espalier's repository has a suite that gives each of them one of its own, on every runtime (npm run bench dispatch)."),
    "",
  ].join("\n");
}
