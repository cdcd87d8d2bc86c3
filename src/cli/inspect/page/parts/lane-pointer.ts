/** The pointer over the lanes: what it points at, panning by dragging, zooming by the wheel. */
import { useRef, useState } from "preact/hooks";
import { isMore } from "../model/rows.ts";
import type { Lanes, Pointed } from "../timeline/lanes.ts";
import { LINE } from "../timeline/paint.ts";
import { rows, selected } from "../view.ts";

interface Shown extends Pointed {
  readonly x: number;
  readonly y: number;
}

interface LanePointer {
  readonly pointed: Shown | undefined;
  onPointerMove(event: PointerEvent): void;
  onPointerDown(event: PointerEvent): void;
  onPointerUp(event: PointerEvent): void;
  onPointerLeave(): void;
  onWheel(event: WheelEvent): void;
}

/** Less is a click. */
const DRAG_PIXELS = 4;

export function useLanePointer(lanes: Lanes | undefined): LanePointer {
  const [pointed, setPointed] = useState<Shown>();
  const drag = useRef<{ x: number; hasMoved: boolean } | undefined>(undefined);
  return {
    pointed,
    onPointerMove({ offsetX, offsetY, clientX, clientY }) {
      if (lanes === undefined) return;
      lanes.pointer = { x: offsetX, y: offsetY };
      const from = drag.current;
      if (from !== undefined && (from.hasMoved || Math.abs(offsetX - from.x) > DRAG_PIXELS)) {
        lanes.pan(from.x - offsetX);
        drag.current = { x: offsetX, hasMoved: true };
        return setPointed(undefined);
      }
      const found = lanes.pointed();
      setPointed(found === undefined ? undefined : { ...found, x: clientX, y: clientY });
    },
    onPointerDown({ offsetX, pointerId, currentTarget }) {
      (currentTarget as HTMLElement).setPointerCapture(pointerId);
      drag.current = { x: offsetX, hasMoved: false };
    },
    onPointerUp({ offsetY, currentTarget }) {
      const { scrollTop } = (currentTarget as HTMLElement).closest(".scroller")!;
      const row = rows.value[Math.floor((scrollTop + offsetY) / LINE)];
      if (drag.current?.hasMoved === false && row !== undefined && !isMore(row)) selected.value = row.item.seen.id;
      drag.current = undefined;
    },
    onPointerLeave() {
      if (lanes !== undefined) lanes.pointer = undefined;
      setPointed(undefined);
    },
    onWheel(event) {
      if (lanes === undefined || (!event.ctrlKey && !event.shiftKey && event.deltaX === 0)) return;
      event.preventDefault();
      if (event.ctrlKey) lanes.zoom(event.deltaY > 0 ? 1.25 : 0.8, event.offsetX);
      else lanes.pan(event.deltaX === 0 ? event.deltaY : event.deltaX);
    },
  };
}
