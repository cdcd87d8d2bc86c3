/**
 * A run as a text: a line for each moment, a column for each task.
 *
 *     time   program      reader       writer
 *        0                checkpoint
 *   ▸    0                             checkpoint
 */
import type { ScopeNode } from "../../scope/node.ts";
import { taskOf } from "./task-of.ts";
import type { Moment } from "./trial.ts";

const WIDEST_COLUMN = 28;
const MOST_COLUMNS = 6;
const MOST_LINES = 60;
const SKIPPED = "       …";

export function timeline(all: readonly Moment[]): string {
  const moments = folded(all);
  const tasks = named(moments.map(({ scope }) => taskOf(scope)));
  const shown = abridged(moments);
  const lines = tasks.size > MOST_COLUMNS ? inOneColumn(shown, tasks) : inColumns(shown, tasks);
  return lines.map((line) => line.trimEnd()).join("\n");
}

/** What a task did again and again, one after the other, is one line with its number. */
function folded(moments: readonly Moment[]): Moment[] {
  const folds: { moment: Moment; count: number }[] = [];
  for (const moment of moments) {
    const last = folds.at(-1);
    const isSame = last?.moment.scope === moment.scope && last.moment.what === moment.what && last.moment.time === moment.time && !moment.isDeviation;
    if (isSame) last.count++;
    else folds.push({ moment, count: 1 });
  }
  return folds.map(({ moment, count }) => (count === 1 ? moment : { ...moment, what: `${moment.what} × ${count}` }));
}

/** The middle of a long run is left out, but not what differs from the usual order. */
function abridged(moments: readonly Moment[]): (Moment | undefined)[] {
  if (moments.length <= MOST_LINES) return [...moments];
  const edge = MOST_LINES / 3;
  const shown: (Moment | undefined)[] = [];
  moments.forEach((moment, index) => {
    const isNear = moments.slice(Math.max(0, index - 3), index + 4).some(({ isDeviation }) => isDeviation);
    if (index < edge || index >= moments.length - edge || isNear) shown.push(moment);
    else if (shown.at(-1) !== undefined) shown.push(undefined);
  });
  return shown;
}

/** The tasks in the order in which they come, by name; several of one name by number. */
function named(tasks: readonly ScopeNode[]): Map<ScopeNode, string> {
  const names = new Map<ScopeNode, string>();
  const all = [...new Set(tasks)];
  for (const task of all) {
    const alike = all.filter(({ name }) => name === task.name);
    names.set(task, alike.length === 1 ? task.name : `${task.name} ${alike.indexOf(task) + 1}`);
  }
  return names;
}

function inColumns(moments: readonly (Moment | undefined)[], tasks: ReadonlyMap<ScopeNode, string>): string[] {
  const starts = new Map<ScopeNode, number>();
  let width = 0;
  let head = "    time   ";
  for (const [task, name] of tasks) {
    starts.set(task, width);
    const texts = moments.filter((moment) => moment !== undefined).filter(({ scope }) => taskOf(scope) === task).map(textOf);
    const column = Math.min(WIDEST_COLUMN, Math.max(name.length, ...texts.map(({ length }) => length))) + 2;
    head += fitted(name, column);
    width += column;
  }
  return [head, ...moments.map((moment) => (moment === undefined ? SKIPPED : `${prefix(moment)}${" ".repeat(starts.get(taskOf(moment.scope))!)}${textOf(moment)}`))];
}

function inOneColumn(moments: readonly (Moment | undefined)[], tasks: ReadonlyMap<ScopeNode, string>): string[] {
  const width = Math.min(WIDEST_COLUMN, Math.max(...[...tasks.values()].map(({ length }) => length))) + 2;
  const line = (moment: Moment): string => `${prefix(moment)}${fitted(tasks.get(taskOf(moment.scope))!, width)}${textOf(moment)}`;
  return ["    time", ...moments.map((moment) => (moment === undefined ? SKIPPED : line(moment)))];
}

function prefix({ time, isDeviation }: Moment): string {
  return `${isDeviation ? "  ▸" : "   "}${String(Math.round(time * 1e3) / 1e3).padStart(5)}   `;
}

/** In a scope that a task opened, the scope's name comes along. */
function textOf({ scope, what }: Moment): string {
  return taskOf(scope) === scope ? what : `${what} in ${scope.name}`;
}

function fitted(text: string, width: number): string {
  return (text.length < width ? text : `${text.slice(0, width - 2)}…`).padEnd(width);
}
