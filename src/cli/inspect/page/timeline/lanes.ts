/** The lanes beside the lines: what is painted when, and where the timeline is. */
import { programNow } from "../clock.ts";
import { isMore } from "../model/rows.ts";
import { momentText } from "../model/duration.ts";
import { most } from "../pump.ts";
import { model, rows, selected, span, until } from "../view.ts";
import { type Axis, marksOf, momentAt, stepOf, xOf } from "./axis.ts";
import { fitted } from "./canvas.ts";
import { LINE, Painter } from "./paint.ts";
import { onPalette, type Palette, readPalette } from "./palette.ts";
import { segmentsOf } from "./segments.ts";

export interface Parts {
  readonly scroller: HTMLElement;
  readonly lanes: HTMLCanvasElement;
  readonly head: HTMLCanvasElement;
}

const FRAME_MS = 33;
const SHORTEST = 10;
const LONGEST = 6 * 3_600_000;
/** So much of the timeline is kept free behind the moment that is now. */
const MARGIN = 0.02;

/** What is under the pointer. */
export interface Pointed {
  readonly label: string;
  readonly from: number;
  readonly to: number;
}

export class Lanes {
  readonly #parts: Parts;
  #palette: Palette = readPalette();
  #drawnAt = 0;
  /** The pointer, in pixels of the canvas. */
  pointer: { readonly x: number; readonly y: number } | undefined;

  constructor(parts: Parts) {
    this.#parts = parts;
    onPalette(() => (this.#palette = readPalette()));
  }

  get axis(): Axis {
    const { clientWidth } = this.#parts.lanes.parentElement!;
    const width = Math.max(1, clientWidth);
    if (until.value !== undefined) return { from: until.value - span.value, to: until.value, width };
    // A program that has just begun fills the lanes too.
    const now = programNow();
    const ms = Math.min(span.value, Math.max(1_000, (now - model.value.picture.began) * (1 + MARGIN)));
    const to = now + MARGIN * ms;
    return { from: to - ms * (1 + MARGIN), to, width };
  }

  draw(now: number): void {
    if (now - this.#drawnAt < FRAME_MS) return;
    this.#drawnAt = now;
    const { scroller, lanes, head } = this.#parts;
    const { axis, pointer } = this;
    const { clientHeight: height, scrollTop } = scroller;
    const first = Math.floor(scrollTop / LINE);
    const scene = { rows: rows.value, first, top: first * LINE - scrollTop, height, axis, now: programNow(), selected: selected.value, pointer: pointer?.x };
    const segments = new Painter(fitted(lanes, axis.width, height), this.#palette).paint(scene);
    most.segments = Math.max(most.segments, segments);
    this.#drawHead(fitted(head, axis.width, head.parentElement!.clientHeight), axis, head.parentElement!.clientHeight);
  }

  /** Shows more or less of the time, around the moment at `x`, or the end. */
  zoom(factor: number, x?: number): void {
    const { axis } = this;
    const around = x === undefined || until.value === undefined ? axis.to : momentAt(axis, x);
    const next = Math.min(LONGEST, Math.max(SHORTEST, span.value * factor));
    if (until.value !== undefined) until.value = around + (axis.to - around) * (next / span.value);
    span.value = next;
  }

  /** Moves the timeline by so many pixels; it stays there, but where that is now. */
  pan(pixels: number): void {
    const { axis } = this;
    const ms = axis.to - axis.from;
    const to = axis.to + (pixels / axis.width) * ms;
    if (to >= programNow() + MARGIN * ms) return void (until.value = undefined);
    span.value = ms;
    until.value = Math.max(to, ms * MARGIN);
  }

  /** What is under the pointer, if anything. */
  pointed(): Pointed | undefined {
    const { pointer, axis } = this;
    if (pointer === undefined) return undefined;
    const row = rows.value[Math.floor((this.#parts.scroller.scrollTop + pointer.y) / LINE)];
    if (row === undefined || isMore(row)) return undefined;
    const moment = momentAt(axis, pointer.x);
    // From the beginning on: how long it was is not cut off by the edge.
    return segmentsOf(row.item, 0, Infinity, programNow()).find(({ from, to }) => from <= moment && moment < to);
  }

  #drawHead(context: CanvasRenderingContext2D, axis: Axis, height: number): void {
    const { faint, grid } = this.#palette;
    context.clearRect(0, 0, axis.width, height);
    context.font = "11px system-ui, sans-serif";
    context.textBaseline = "middle";
    const step = stepOf(axis);
    for (const mark of marksOf(axis)) {
      const x = Math.round(xOf(axis, mark));
      context.fillStyle = grid;
      context.fillRect(x, height - 6, 1, 6);
      context.fillStyle = faint;
      const text = momentText(mark, step);
      if (x + 4 + context.measureText(text).width <= axis.width) context.fillText(text, x + 4, height / 2);
    }
  }
}
