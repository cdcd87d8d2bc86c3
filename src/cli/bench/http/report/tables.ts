/** The two tables of a client: the fan-out, and the failing run. */
import { type Column, type Row, renderTable } from "../../../table.ts";
import type { Colours } from "../../../terminal.ts";
import { isClear } from "../statistics.ts";
import type { FailingRow, FailingRowFigures, FanOutRow, FanOutRowFigures, MissingRow } from "./bench-report.ts";
import { clipped, count, duration, range, timeRange, times } from "./format.ts";

const fanOutColumns: readonly Column[] = [
  { head: "way", align: "left" },
  { head: "P50", align: "right" },
  { head: "P99", align: "right" },
  { head: "requests/s", align: "right" },
  { head: "× Promise.all", align: "right" },
  { head: "quartiles", align: "right" },
  { head: "connections", align: "right" },
];

const failingColumns: readonly Column[] = [
  { head: "way", align: "left" },
  { head: "error\nafter", align: "right" },
  { head: "min–max", align: "right" },
  { head: "started\nafter", align: "right" },
  { head: "finished\nafter", align: "right" },
  { head: "connected\nafter", align: "right" },
  { head: "connected\nin all", align: "right" },
  { head: "quiet\nafter", align: "right" },
];

export function fanOutTable(rows: readonly FanOutRow[], colours: Colours): string {
  const cells = (row: FanOutRowFigures): readonly string[] => [
    duration(row.batch.p50),
    duration(row.batch.p99),
    count(row.requestsPerSecond),
    ratio(row, colours),
    `${times(row.ratio.lowerQuartile)}–${times(row.ratio.upperQuartile)}`,
    row.connections === null ? "not counted" : count(row.connections),
  ];
  return renderTable(fanOutColumns, rows.map((row) => tableRow(row, cells, colours)), colours);
}

export function failingTable(rows: readonly FailingRow[], colours: Colours): string {
  const tally = (figures: { readonly min: number; readonly max: number }): string => (figures.max === 0 ? colours.green("0") : colours.red(range(figures)));
  const cells = (row: FailingRowFigures): readonly string[] => [
    duration(row.errorAfter.p50),
    timeRange(row.errorAfter),
    tally(row.startedAfter),
    tally(row.finishedAfter),
    tally(row.connectionsAfter),
    count(row.connections.p50),
    duration(row.quietAfter.p50),
  ];
  return renderTable(failingColumns, rows.map((row) => tableRow(row, cells, colours)), colours);
}

function tableRow<F extends { readonly way: string; readonly ours: boolean }>(row: F | MissingRow, cells: (row: F) => readonly string[], colours: Colours): Row {
  if ("missing" in row) return { first: row.way, rest: colours.yellow(clipped(row.missing, 60)) };
  return [row.ours ? colours.bold(row.way) : row.way, ...cells(row)];
}

/** Coloured only where the rounds agree that there is a difference. */
function ratio({ ratio }: FanOutRowFigures, colours: Colours): string {
  const text = times(ratio.median);
  if (!isClear(ratio)) return text;
  return ratio.median > 1 ? colours.green(text) : colours.red(text);
}
