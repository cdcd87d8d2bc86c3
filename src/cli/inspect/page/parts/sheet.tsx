/** The tree with the timeline beside it: of all lines, those that are in view. */
import type { JSX, RefObject } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";
import { durationText } from "../model/duration.ts";
import { isMore } from "../model/rows.ts";
import { labelText } from "../model/state.ts";
import { type Lanes, Lanes as LanesOf } from "../timeline/lanes.ts";
import { LINE } from "../timeline/paint.ts";
import { current, program, rows, selected, wantedLine } from "../view.ts";
import { useLanePointer } from "./lane-pointer.ts";
import { Line } from "./line.tsx";

/** So many lines more than are in view, on either side. */
const SLACK = 6;

export interface SheetProps {
  /** Is told of the lanes when they are there. */
  readonly ready: (lanes: Lanes) => void;
}

export function Sheet({ ready }: SheetProps): JSX.Element {
  const scroller = useRef<HTMLDivElement>(null);
  const canvas = useRef<HTMLCanvasElement>(null);
  const head = useRef<HTMLCanvasElement>(null);
  const [lanes, setLanes] = useState<Lanes>();
  const [view, setView] = useState({ top: 0, height: 800 });
  current();
  const look = (): void => setView({ top: scroller.current!.scrollTop, height: scroller.current!.clientHeight });
  useEffect(() => {
    const made = new LanesOf({ scroller: scroller.current!, lanes: canvas.current!, head: head.current! });
    setLanes(made);
    ready(made);
    const observer = new ResizeObserver(look);
    observer.observe(scroller.current!);
    return () => observer.disconnect();
  }, []);
  useEffect(() => scrollToWanted(scroller.current!));
  const { pointed, ...handlers } = useLanePointer(lanes);
  const first = Math.max(0, Math.floor(view.top / LINE) - SLACK);
  const last = Math.min(rows.value.length, Math.ceil((view.top + view.height) / LINE) + SLACK);
  const at = rows.value.findIndex((row) => !isMore(row) && row.item.seen.id === selected.value);
  return (
    <main class="sheet">
      <Heads head={head} />
      <div
        ref={scroller}
        id="tree"
        class="scroller"
        role="treegrid"
        aria-label="scopes and tasks"
        aria-rowcount={rows.value.length}
        tabIndex={0}
        {...(at === -1 ? {} : { "aria-activedescendant": `line-${at}` })}
        onScroll={look}
      >
        <div class="canvas-holder">
          <div class="canvas-place">
            <canvas ref={canvas} class="lanes" aria-hidden="true" {...handlers} />
          </div>
        </div>
        <div class="lines" style={{ height: `${rows.value.length * LINE}px` }}>
          {rows.value.slice(first, last).map((row, n) => (
            <Line key={(first + n) % 400} row={row} at={first + n} top={(first + n) * LINE} />
          ))}
        </div>
        {rows.value.length === 0 ? <Nothing /> : null}
      </div>
      {pointed === undefined ? null : (
        <div class="tip" style={{ left: `${pointed.x}px`, top: `${pointed.y}px` }}>
          <b>{labelText(pointed.label)}</b> {durationText(pointed.to - pointed.from)}
        </div>
      )}
    </main>
  );
}

function Heads({ head }: { readonly head: RefObject<HTMLCanvasElement | null> }): JSX.Element {
  return (
    <div class="heads" aria-hidden="true">
      <span class="name">scope or task</span>
      <span class="wait">waits for</span>
      <span class="since">for</span>
      <span class="axis">
        <canvas ref={head} />
      </span>
    </div>
  );
}

function Nothing(): JSX.Element {
  const { tree, picture } = current();
  const text = tree.isSifting ? "Looking …" : tree.items.size > 0 ? "Nothing is as the filter says." : picture.at === 0 || program.value.status === "connecting" ? "Waiting for the program …" : "No scope is open.";
  return <p class="nothing">{text}</p>;
}

function scrollToWanted(scroller: HTMLElement): void {
  if (wantedLine.value === undefined) return;
  const at = rows.value.findIndex((row) => !isMore(row) && row.fold === undefined && row.item.seen.id === wantedLine.value);
  if (at === -1) return;
  wantedLine.value = undefined;
  bringIntoView(scroller, at);
}

/** Scrolls no further than it takes to see a line. */
export function bringIntoView(scroller: HTMLElement, at: number): void {
  const { scrollTop, clientHeight } = scroller;
  if (at * LINE < scrollTop) scroller.scrollTop = (at - 2) * LINE;
  else if ((at + 1) * LINE > scrollTop + clientHeight) scroller.scrollTop = (at + 3) * LINE - clientHeight;
}
