/** A dump for a reader: a tree in which siblings that are alike are one line with their number. */
import { kindOfName } from "./alike.ts";
import type { Dump, DumpedResource, DumpEntry } from "./dump.ts";
import { printable } from "./printable.ts";

/** How the parts of a line are shown: as they are, or in colours. */
export interface Marks {
  readonly name: (text: string) => string;
  readonly wait: (text: string) => string;
  readonly bad: (text: string) => string;
  readonly faint: (text: string) => string;
}

/** So many are named. */
const HOLDERS = 5;

const plain: Marks = { name: String, wait: String, bad: String, faint: String };

/** `width` is that of the terminal; longer lines are cut. */
export function dumpText({ pid, runtime, total, roots, resources = [] }: Dump, width: number = Infinity, marks: Marks = plain): string {
  const head = `${runtime}${pid === undefined ? "" : `, process ${pid}`}: ${total === 0 ? "no scope is open" : `${total.toLocaleString("en")} scope${total === 1 ? "" : "s"} and tasks`}`;
  return [marks.faint(printable(head)), ...below(roots, "", width, marks), ...resources.filter(isWaitedFor).map((resource) => resourceLine(resource, width, marks))].join("\n");
}

/** Of what is shared, that for which somebody waits is shown. */
function isWaitedFor({ figures }: DumpedResource): boolean {
  return Object.entries(figures).some(([name, value]) => name.startsWith("waiting") && value > 0);
}

function resourceLine({ kind, name, figures, holders }: DumpedResource, width: number, marks: Marks): string {
  const amounts = Object.entries(figures).filter(([, value]) => value !== 0).map(([key, value]) => `${wordsOf(key)} ${value === -1 ? "∞" : value.toLocaleString("en")}`);
  const holding = holders.length === 0 ? "" : `; held by ${holders.slice(0, HOLDERS).join(", ")}${holders.length > HOLDERS ? ` and ${holders.length - HOLDERS} more` : ""}`;
  return cut([[`${kind} `, marks.faint], [name, marks.name], [`  ${amounts.join(", ")}${holding}`, marks.wait]], width);
}

/** `waitingReceivers` is `waiting receivers`. */
const wordsOf = (key: string): string => key.replaceAll(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`);

function below(entries: readonly DumpEntry[], indent: string, width: number, marks: Marks): string[] {
  const lines: string[] = [];
  const groups = folded(entries);
  for (const [at, { entry, name, count }] of groups.entries()) {
    const isLast = at === groups.length - 1;
    const branch = `${indent}${isLast ? "└─ " : "├─ "}`;
    lines.push(`${marks.faint(branch)}${lineOf({ ...entry, name }, count, width - branch.length, marks)}`);
    lines.push(...below(entry.children, `${indent}${isLast ? "   " : "│  "}`, width, marks));
  }
  return lines;
}

/** Siblings that are alike, with all that is below them, once. Of names that differ by a number only: the kind of name. */
function folded(entries: readonly DumpEntry[]): { entry: DumpEntry; name: string; count: number }[] {
  const groups = new Map<string, { entry: DumpEntry; name: string; count: number }>();
  for (const entry of entries) {
    const key = kindOfName(JSON.stringify(entry));
    const known = groups.get(key);
    if (known === undefined) groups.set(key, { entry, name: entry.name, count: 1 });
    else {
      known.count++;
      if (known.name !== entry.name) known.name = kindOfName(entry.name);
    }
  }
  return [...groups.values()];
}

function lineOf({ name, kind, state, cause, waits }: DumpEntry, count: number, room: number, marks: Marks): string {
  const parts: [text: string, mark: (text: string) => string][] = [];
  if (count > 1) parts.push([`${count.toLocaleString("en")} × `, marks.faint]);
  parts.push([name, marks.name]);
  if (kind !== "task" && kind !== name) parts.push([` ${kind}`, marks.faint]);
  if (waits.length > 0) parts.push([`  ${[...new Set(waits)].join(", ")}`, marks.wait]);
  if (state !== "running") parts.push([`  ${state}${cause === undefined ? "" : `: ${cause}`}`, marks.bad]);
  return cut(parts, room);
}

function cut(parts: readonly (readonly [text: string, mark: (text: string) => string])[], room: number): string {
  let left = Math.max(8, room);
  let line = "";
  for (const [told, mark] of parts) {
    if (left <= 0) break;
    const text = printable(told);
    line += mark(text.length > left ? `${text.slice(0, left - 1)}…` : text);
    left -= text.length;
  }
  return line;
}
