/** What `espalier top` shows: tasks that are alike as one line, wherever they are in the tree. */
import { kindOfName } from "../../../inspect/alike.ts";
import { printable } from "../../../inspect/printable.ts";
import type { Picture } from "../../../inspect/watch/picture.ts";
import type { Program } from "../../../inspect/watch/program.ts";
import { durationText as timeText } from "../page/model/duration.ts";
import { figuresText, waitingFor } from "../page/model/figures.ts";
import type { Item } from "../page/model/item.ts";
import { labelText } from "../page/model/state.ts";
import type { Tree } from "../page/model/tree.ts";
import { type Column, renderTable } from "../../table.ts";
import { type Colours, plainColours } from "../../terminal.ts";

/** Tasks that are alike. */
interface Alike {
  readonly first: Item;
  readonly name: string;
  count: number;
  /** Since when the one is as it is that has been so for longest, and when the oldest of them was started. */
  since: number;
  isSinceBefore: boolean;
  openedAt: number;
  isOlder: boolean;
}

const columns: readonly Column[] = [
  { head: "tasks", align: "right" },
  { head: "name", align: "left" },
  { head: "waits for", align: "left" },
  { head: "longest", align: "right" },
  { head: "oldest", align: "right" },
];

const RESOURCES = 8;
/** How far back the delay of the event loop is looked at. */
const DELAY_MS = 5_000;

/** At most so many lines, each of at most so many characters. */
export function overview(program: Program, tree: Tree, { lines, width }: { readonly lines: number; readonly width: number }, colours: Colours): string {
  const plain = headOf(program, tree, plainColours);
  // A line that is cut has no colours: they would be cut too.
  const head = headOf(program, tree, colours).map((line, at) => (plain[at]!.length > width ? cut(plain[at]!, width) : line));
  const groups = alike(tree);
  const room = Math.max(1, lines - head.length - 3);
  const now = program.picture.at;
  const rows = groups.slice(0, room).map((group) => rowOf(group, now, width));
  const more = groups.length > room ? [colours.dim(`and ${(groups.length - room).toLocaleString("en")} more`)] : [];
  const table = groups.length === 0 ? "no task runs" : renderTable(columns, rows, colours);
  return [...head, "", table, ...more].join("\n");
}

function headOf({ picture, identity, status, blockedFor, exitCode }: Program, tree: Tree, colours: Colours): string[] {
  const recent = picture.delays.filter(({ at }) => at > picture.at - DELAY_MS);
  const mean = recent.reduce((sum, delay) => sum + delay.mean, 0) / Math.max(1, recent.length);
  const worst = recent.reduce((most, { max }) => Math.max(most, max), 0);
  const loop = status === "blocked" ? colours.red(`event loop blocked for ${durationText(blockedFor)}`) : `event loop ${durationText(mean)} late, at most ${durationText(worst)}`;
  const { running, waiting, cancelling, failed } = tree.counts;
  const tasks = `${running + waiting + cancelling === 1 ? "1 task" : `${(running + waiting + cancelling).toLocaleString("en")} tasks`}: ${waiting.toLocaleString("en")} waiting, ${running.toLocaleString("en")} running`;
  const bad = [cancelling > 0 ? colours.yellow(`${cancelling.toLocaleString("en")} cancelling`) : "", failed > 0 ? colours.red(`${failed.toLocaleString("en")} have failed`) : ""].filter((part) => part !== "");
  const behind = picture.behind > 0 ? [`${picture.behind.toLocaleString("en")} to come`] : [];
  const end = status === "over" ? [colours.red(exitCode === undefined ? "it has ended" : `it has ended with code ${exitCode}`)] : [];
  const name = identity === undefined ? "" : printable(`${identity.runtime}, process ${identity.pid}: ${identity.command}`);
  return [colours.dim(name), [tasks, ...bad, loop, ...behind, ...end].join(" · "), ...resourcesOf(picture, colours)];
}

/** Those for which somebody waits, most of all first. */
function resourcesOf(picture: Picture, colours: Colours): string[] {
  return picture.resources
    .filter((resource) => waitingFor(resource) > 0)
    .sort((a, b) => waitingFor(b) - waitingFor(a))
    .slice(0, RESOURCES)
    .map((resource) => `${printable(resource.kind)} ${colours.bold(printable(resource.name))}: ${printable(figuresText(resource))}, ${waitingFor(resource).toLocaleString("en")} waiting`);
}

/** The largest first. */
function alike(tree: Tree): Alike[] {
  const groups = new Map<string, Alike>();
  for (const item of tree.items.values()) {
    const { seen, state, wait } = item;
    if (seen.kind !== "task" || !item.isAlive) continue;
    const name = kindOfName(seen.name);
    const key = `${name}|${state}|${kindOfName(wait)}`;
    const group = groups.get(key);
    if (group === undefined) groups.set(key, { first: item, name, count: 1, since: item.since, isSinceBefore: item.isSinceBefore, openedAt: seen.openedAt, isOlder: seen.isOlder });
    else {
      group.count++;
      group.since = Math.min(group.since, item.since);
      group.isSinceBefore ||= item.isSinceBefore;
      group.openedAt = Math.min(group.openedAt, seen.openedAt);
      group.isOlder ||= seen.isOlder;
    }
  }
  return [...groups.values()].sort((a, b) => b.count - a.count || a.since - b.since);
}

function rowOf({ first, name, count, since, isSinceBefore, openedAt, isOlder }: Alike, now: number, width: number): string[] {
  const room = Math.max(10, Math.floor((width - 40) / 2));
  const wait = `${first.state === "cancelling" ? "cancelled, " : ""}${labelText(first.wait)}`;
  return [
    count.toLocaleString("en"),
    cut(printable(count === 1 ? first.seen.name : name), room),
    cut(printable(wait), room),
    `${isSinceBefore ? "> " : ""}${durationText(now - since)}`,
    `${isOlder ? "> " : ""}${durationText(now - openedAt)}`,
  ];
}

function cut(text: string, room: number): string {
  return text.length > room ? `${text.slice(0, room - 1)}…` : text;
}

const durationText = (ms: number): string => timeText(ms, " ");
