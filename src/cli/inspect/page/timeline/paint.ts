/**
 * Paints the lanes of the lines that are in view on a canvas: one bar for each thing that a function did, thin ones where it waited.
 *
 * Invariant: a picture has at most `MOST_SEGMENTS` bars, whatever there is: equal lines show the first few of them.
 */
import type { Item } from "../model/item.ts";
import { isMore, type Row } from "../model/rows.ts";
import { type Sort, sortOf } from "../model/state.ts";
import { type Axis, marksOf, xOf } from "./axis.ts";
import type { Palette } from "./palette.ts";
import { segmentsOf } from "./segments.ts";

export const LINE = 24;
export const MOST_SEGMENTS = 12_000;
/** So many of equal ones are shown in their lane. */
const STRIPES = 8;

export interface Scene {
  readonly rows: readonly Row[];
  /** The first of them, and where it is. */
  readonly first: number;
  readonly top: number;
  readonly height: number;
  readonly axis: Axis;
  readonly now: number;
  readonly selected: number | undefined;
  readonly pointer: number | undefined;
}

/** So wide are two waits between which a moment of running is shown. */
const NOTCHED = 4;

/** What is narrower than a pixel: the pixel shows what took the most of it. */
class Pixel {
  readonly #bar: (x: number, width: number, sort: Sort) => void;
  readonly #widths = new Map<Sort, number>();
  #at = -1;
  /** How wide the bar before it is. */
  #before = 0;

  constructor(bar: (x: number, width: number, sort: Sort) => void) {
    this.#bar = bar;
  }

  add(x: number, width: number, sort: Sort): void {
    const at = Math.floor(x);
    if (at !== this.#at) this.flush(0);
    this.#at = at;
    this.#widths.set(sort, (this.#widths.get(sort) ?? 0) + width);
  }

  /** A bar that is so wide comes next. */
  flush(next: number): void {
    let most: Sort | undefined;
    for (const [sort, width] of this.#widths) if (most === undefined || width > this.#widths.get(most)!) most = sort;
    const isMoment = most === "running" && this.#widths.size === 1;
    if (most !== undefined && (!isMoment || (this.#before >= NOTCHED && next >= NOTCHED))) this.#bar(this.#at, 1, most);
    this.#widths.clear();
    this.#before = next;
  }
}

export class Painter {
  readonly #context: CanvasRenderingContext2D;
  readonly #palette: Palette;
  #left = 0;

  constructor(context: CanvasRenderingContext2D, palette: Palette) {
    this.#context = context;
    this.#palette = palette;
  }

  /** Gives the number of bars. */
  paint(scene: Scene): number {
    const { rows, first, top, height, axis, now, pointer } = scene;
    const context = this.#context;
    context.clearRect(0, 0, axis.width, height);
    this.#left = MOST_SEGMENTS;
    context.fillStyle = this.#palette.grid;
    for (const mark of marksOf(axis)) context.fillRect(Math.round(xOf(axis, mark)), 0, 1, height);
    for (let at = first, y = top; at < rows.length && y < height; at++, y += LINE) this.#paintRow(rows[at]!, y, scene);
    context.fillStyle = this.#palette.now;
    if (now >= axis.from && now <= axis.to) context.fillRect(Math.round(xOf(axis, now)), 0, 1, height);
    context.fillStyle = this.#palette.pointer;
    if (pointer !== undefined) context.fillRect(Math.round(pointer), 0, 1, height);
    return MOST_SEGMENTS - this.#left;
  }

  #paintRow(row: Row, y: number, scene: Scene): void {
    const context = this.#context;
    if (isMore(row)) return;
    if (row.item.seen.id === scene.selected) {
      context.fillStyle = this.#palette.selected;
      context.fillRect(0, y, scene.axis.width, LINE);
    }
    if (row.fold === undefined) return this.#paintItem(row.item, y + LINE / 2, 12, 6, scene);
    const stripe = Math.max(2, Math.floor((LINE - 6) / Math.min(STRIPES, row.fold.members.size)));
    let at = 0;
    for (const member of row.fold.members) {
      if (at >= STRIPES) break;
      this.#paintItem(member, y + 3 + stripe * at++ + stripe / 2, Math.min(12, stripe), Math.min(6, Math.max(1, stripe - 1)), scene);
    }
  }

  #paintItem(item: Item, middle: number, running: number, waiting: number, { axis, now }: Scene): void {
    const bar = (x: number, width: number, sort: Sort): void => {
      const high = sort === "running" ? running : waiting;
      this.#context.fillStyle = this.#palette.sorts[sort];
      this.#context.fillRect(x, middle - high / 2, width, high);
      this.#left--;
    };
    const pixel = new Pixel(bar);
    this.#paintForgotten(item, middle, axis);
    for (const { from, to, label } of segmentsOf(item, axis.from, axis.to, now)) {
      if (this.#left <= 0) return;
      const x = xOf(axis, from);
      const width = xOf(axis, to) - x;
      if (width < 1) pixel.add(x, width, sortOf(label));
      else {
        pixel.flush(width);
        bar(x, width, sortOf(label));
      }
    }
    pixel.flush(0);
    this.#paintCancelled(item, middle, running, axis, now);
    for (const inner of item.inners) this.#paintCancelled(inner, middle, running, axis, now);
    this.#paintEnd(item, middle, running, axis);
  }

  /** It was there, and what it did is not known any more. */
  #paintForgotten({ seen }: Item, middle: number, axis: Axis): void {
    const { openedAt, stepsBefore, steps } = seen;
    const until = stepsBefore > 0 ? steps[0]![0] : openedAt;
    const x = Math.max(0, xOf(axis, openedAt));
    this.#context.fillStyle = this.#palette.end;
    if (until > openedAt) this.#context.fillRect(x, middle, Math.max(0, xOf(axis, until) - x), 1);
  }

  /** From when on it was cancelled, until it had ended. */
  #paintCancelled({ seen }: Item, middle: number, high: number, axis: Axis, now: number): void {
    const { cancelledAt, endedAt = now } = seen;
    if (cancelledAt === undefined || endedAt < axis.from || cancelledAt > axis.to) return;
    const x = Math.max(0, xOf(axis, cancelledAt));
    this.#context.fillStyle = this.#palette.cancelling;
    this.#context.fillRect(x, middle - high / 2 - 2, Math.max(2, xOf(axis, endedAt) - x), 2);
    if (cancelledAt >= axis.from) this.#context.fillRect(x, middle - high / 2 - 2, 2, high + 4);
  }

  /** How it ended. */
  #paintEnd({ seen, state }: Item, middle: number, high: number, axis: Axis): void {
    const context = this.#context;
    const { endedAt } = seen;
    if (endedAt === undefined || endedAt < axis.from || endedAt > axis.to) return;
    const x = xOf(axis, endedAt);
    context.fillStyle = state === "failed" ? this.#palette.failed : state === "cancelled" ? this.#palette.cancelling : this.#palette.end;
    context.fillRect(x - 1, middle - high / 2 - 1, state === "failed" ? 3 : 2, high + 2);
  }
}
