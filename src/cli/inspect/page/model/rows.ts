/** The lines of the page: what is open of the tree, from the top down. Bounded, however much there is. */
import { type Fold, type Item, MOST_SHOWN } from "./item.ts";
import type { Tree } from "./tree.ts";

/** A line. */
export type Row = ItemRow | MoreRow;

/** An item; or several equal ones, of which the first is shown. */
export interface ItemRow {
  readonly item: Item;
  readonly depth: number;
  /** The fold, where the line stands for all of it. */
  readonly fold: Fold | undefined;
  readonly isOpen: boolean;
  /** Whether there is anything to open. */
  readonly canOpen: boolean;
}

/** There is more than is shown. */
export interface MoreRow {
  readonly depth: number;
  readonly more: number;
  /** What limits it. */
  readonly of: { most: number };
}

/** So many lines, and no more. */
export const MOST_ROWS = 4_000;

export function isMore(row: Row): row is MoreRow {
  return "more" in row;
}

export function rowsOf(tree: Tree): Row[] {
  const rows: Row[] = [];
  addChildren(tree.top, 0, rows, tree.isFiltered);
  return rows;
}

/** What is in a line is shown unless somebody has closed it, if there are tasks in it, or something that was looked for. */
function isItemOpen(item: Item, isFiltered: boolean): boolean {
  return item.isOpen ?? (item.tasksBelow > 0 || (isFiltered && item.matching > Number(item.isMatch)));
}

function addChildren({ folds }: Item, depth: number, rows: Row[], isFiltered: boolean): void {
  if (folds === undefined) return;
  let left = folds.most;
  for (const place of [folds.alive, folds.ended]) {
    for (const fold of place) {
      if (rows.length >= MOST_ROWS) return;
      if (left-- <= 0) {
        rows.push({ depth, more: folds.alive.size + folds.ended.size - folds.most, of: folds });
        return;
      }
      addFold(fold, depth, rows, isFiltered);
    }
  }
}

function addFold(fold: Fold, depth: number, rows: Row[], isFiltered: boolean): void {
  const [first] = fold.members as Set<Item> & [Item];
  if (fold.members.size === 1) return addItem(first, depth, rows, isFiltered);
  rows.push({ item: first, depth, fold, isOpen: fold.isOpen, canOpen: true });
  if (!fold.isOpen) {
    // As in a tree of text: what is below each of them, once.
    if (isItemOpen(first, isFiltered)) addChildren(first, depth + 1, rows, isFiltered);
    return;
  }
  let left = fold.most;
  for (const member of fold.members) {
    if (rows.length >= MOST_ROWS) return;
    if (left-- <= 0) {
      rows.push({ depth: depth + 1, more: fold.members.size - fold.most, of: fold });
      return;
    }
    addItem(member, depth + 1, rows, isFiltered);
  }
}

function addItem(item: Item, depth: number, rows: Row[], isFiltered: boolean): void {
  const isOpen = isItemOpen(item, isFiltered);
  const canOpen = (item.folds?.alive.size ?? 0) + (item.folds?.ended.size ?? 0) > 0;
  rows.push({ item, depth, fold: undefined, isOpen: isOpen && canOpen, canOpen });
  if (isOpen) addChildren(item, depth + 1, rows, isFiltered);
}

/** Opens or closes a line; shows more, where there is more. */
export function toggle(row: Row): void {
  if (isMore(row)) row.of.most += 5 * MOST_SHOWN;
  else if (row.fold !== undefined) row.fold.isOpen = !row.fold.isOpen;
  else row.item.isOpen = !row.isOpen;
}

/** Opens whatever an item is in, so that there is a line for it. */
export function reveal(item: Item): void {
  for (let at: Item | undefined = item; at?.parent !== undefined; at = at.parent) {
    if (at.fold !== undefined && at.fold.members.size > 1) at.fold.isOpen = true;
    if (at !== item) at.isOpen = true;
  }
}
