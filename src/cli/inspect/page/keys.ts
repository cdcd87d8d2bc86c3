/** The page by the keyboard. */
import { isMore, type Row, toggle } from "./model/rows.ts";
import { drawRows } from "./pump.ts";
import { everything } from "./model/filter.ts";
import { filter, isPaused, rows, selected, until } from "./view.ts";
import type { Lanes } from "./timeline/lanes.ts";

const PAGE = 20;

/** `see` is told the line that is to be in view. */
export function listenToKeys(lanes: () => Lanes | undefined, see: (at: number) => void): void {
  const anywhere: Record<string, () => void> = {
    "/": () => document.querySelector<HTMLInputElement>("#filter")?.focus(),
    " ": () => (isPaused.value = !isPaused.value),
    "n": () => (until.value = undefined),
    "+": () => lanes()?.zoom(0.5),
    "-": () => lanes()?.zoom(2),
    "Escape": () => {
      if (selected.value === undefined) filter.value = everything;
      selected.value = undefined;
    },
  };
  const move = (by: number): void => select(rowAt() + by, see);
  const inTree: Record<string, () => void> = {
    ArrowDown: () => move(1),
    ArrowUp: () => move(-1),
    PageDown: () => move(PAGE),
    PageUp: () => move(-PAGE),
    Home: () => select(0, see),
    End: () => select(rows.value.length - 1, see),
    ArrowRight: () => open(true),
    ArrowLeft: () => (isClosed() ? selectParent(see) : open(false)),
    Enter: () => open(undefined),
  };
  addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.altKey || event.metaKey) return;
    const target = event.target as HTMLElement;
    if (target instanceof HTMLInputElement && target.type === "search") {
      if (event.key !== "Escape" && event.key !== "Enter" && event.key !== "ArrowDown") return;
      // Left to itself, the box would be emptied with nobody told.
      if (event.key === "Escape") {
        event.preventDefault();
        filter.value = { ...filter.value, text: "" };
      }
      document.querySelector<HTMLElement>("#tree")?.focus();
      return;
    }
    const isControl = target instanceof HTMLButtonElement || target instanceof HTMLInputElement;
    const act = isControl && (event.key === " " || event.key === "Enter") ? undefined : (anywhere[event.key] ?? (isControl ? undefined : inTree[event.key]));
    if (act === undefined) return;
    event.preventDefault();
    act();
  });
}

function rowAt(): number {
  return rows.value.findIndex((row) => !isMore(row) && row.item.seen.id === selected.value);
}

function select(at: number, see: (at: number) => void): void {
  const step = at < rowAt() ? -1 : 1;
  let to = Math.max(0, Math.min(rows.value.length - 1, at));
  while (rows.value[to] !== undefined && isMore(rows.value[to]!)) to += step;
  const row = rows.value[to];
  if (row === undefined || isMore(row)) return;
  selected.value = row.item.seen.id;
  see(to);
}

function selectedRow(): Row | undefined {
  return rows.value[rowAt()];
}

function isClosed(): boolean {
  const row = selectedRow();
  return row === undefined || isMore(row) || !row.isOpen;
}

function selectParent(see: (at: number) => void): void {
  const at = rowAt();
  const depth = rows.value[at]?.depth ?? 0;
  for (let above = at - 1; above >= 0; above--) if (rows.value[above]!.depth < depth) return select(above, see);
}

function open(wanted: boolean | undefined): void {
  const row = selectedRow();
  if (row === undefined || isMore(row)) return;
  if (wanted === row.isOpen) return;
  toggle(row);
  drawRows();
}
