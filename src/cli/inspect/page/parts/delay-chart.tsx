/** How late the event loop came round, of late. */
import type { JSX } from "preact";
import { useEffect, useRef } from "preact/hooks";
import { durationText } from "../model/duration.ts";
import type { Delay } from "../../../../inspect/watch/wire.ts";
import { fitted } from "../timeline/canvas.ts";
import { readPalette } from "../timeline/palette.ts";
import { current, program } from "../view.ts";

const WIDTH = 180;
const HEIGHT = 30;
const WINDOW_MS = 60_000;
/** From here on it is felt. */
const LATE_MS = 50;

export function DelayChart(): JSX.Element {
  const canvas = useRef<HTMLCanvasElement>(null);
  const { delays, at } = current().picture;
  const recent = delays.filter((delay) => delay.at > at - WINDOW_MS);
  const worst = recent.reduce((most, { max }) => Math.max(most, max), 0);
  const last = recent.at(-1)?.mean ?? 0;
  useEffect(() => draw(canvas.current!, recent, at, worst));
  const text = program.value.status === "blocked" ? "blocked" : `${durationText(last)} late`;
  return (
    <figure class="delay" title="how late the event loop came round, in the last minute">
      <canvas ref={canvas} aria-hidden="true" />
      <figcaption>
        <span>event loop</span>
        <b>{text}</b>
        <span>at most {durationText(worst)}</span>
      </figcaption>
    </figure>
  );
}

function draw(canvas: HTMLCanvasElement, delays: readonly Delay[], at: number, worst: number): void {
  const palette = readPalette();
  const context = fitted(canvas, WIDTH, HEIGHT);
  context.clearRect(0, 0, WIDTH, HEIGHT);
  const full = Math.max(20, worst);
  for (const { at: then, max } of delays) {
    const high = Math.max(1, (max / full) * (HEIGHT - 2));
    context.fillStyle = max >= LATE_MS ? palette.late : palette.chart;
    context.fillRect(WIDTH - ((at - then) / WINDOW_MS) * WIDTH - 1, HEIGHT - high, 1.2, high);
  }
  context.fillStyle = palette.grid;
  context.fillRect(0, HEIGHT - 1, WIDTH, 1);
}
