/** The model of sixteen cores as a board: drawn through what was measured, beside the guide's figures. */
import type { Board, Curve, Line, Point, Quantity } from "../board.ts";
import { type Parts, speedUps } from "./model.ts";

const most = 16;

/** A line with what it is of. */
interface Measured {
  readonly line: Line;
  readonly workers: number;
  readonly isInline: boolean;
}

const valueOf = (line: Line, key: string): number | undefined => (line.cells[key] as Quantity | undefined)?.value;

/** The model of ours, beside what was measured of it and what the guide has. */
export function modelBoard(title: string, measured: readonly Measured[], beside: readonly Line[]): Board | undefined {
  const inline = measured.find(({ isInline }) => isInline)?.line;
  const curves = ["espalier/threads", "espalier/processes"].flatMap((name): Curve[] => {
    const ours = measured.filter(({ line }) => line.system.startsWith(`${name},`));
    const parts = inline === undefined || ours[0] === undefined ? undefined : partsOf(inline, ours[0].line);
    if (parts === undefined) return [];
    const points = ours.flatMap(({ line, workers }): Point[] => {
      const { value: y, low, high } = line.cells["speedUp"] as Quantity;
      return [{ x: workers, y, low, high }];
    });
    return [{ name, family: "espalier", points: speedUps(parts, most), measured: points }];
  });
  if (curves.length === 0) return undefined;
  const shown = [1, 2, 4, 8, 16];
  const modelLines = curves.map(({ name, family, points }): Line => ({ system: name, family, cells: Object.fromEntries(shown.map((workers) => [`${workers}`, { value: points[workers - 1]!.y }])) }));
  const guideLines = guideCurves(beside).map(({ name, family, points }): Line => ({ system: name, family, cells: Object.fromEntries(points.map(({ x, y }) => [`${x}`, { value: y }])) }));
  return {
    board: `${title}: what sixteen cores would make of it`,
    about: "A model of the times as fast, no measurement: the points are what was measured.",
    columns: shown.map((workers) => ({ key: `${workers}`, head: workers === 1 ? "1 worker" : `${workers}` })),
    lines: [...modelLines, ...guideLines],
    plot: { kind: "curves", x: { label: "workers" }, y: { label: "times as fast as without workers" }, curves: [...curves, ...guideCurves(beside)] },
    notes: [
      "time(n) = processor time of who calls + processor time of one worker ÷ n, both measured with one worker. It lets nothing overlap, which makes it slow; and it gives each worker a core of its own, of the same clock and with its own way to the memory, which makes it fast.",
    ],
  };
}

/** Without workers all is the caller's. */
function partsOf(without: Line, one: Line): Parts | undefined {
  const [inline, serial, parallel] = [valueOf(without, "caller"), valueOf(one, "caller"), valueOf(one, "pool")];
  if (inline === undefined || serial === undefined || parallel === undefined || parallel === 0) return undefined;
  return { inline, serial, parallel };
}

/** By system: each of its lines says with how many workers. */
function guideCurves(lines: readonly Line[]): Curve[] {
  const kindOf = ({ system }: Line): string => system.replace(/, \d+ workers?$/, "");
  const pointOf = (line: Line): Point => ({ x: valueOf(line, "workers")!, y: valueOf(line, "speedUp")! });
  return [...new Set(lines.map(kindOf))].map((kind) => ({ name: `${kind}, the guide`, family: "guide", points: lines.filter((line) => kindOf(line) === kind).map(pointOf) }));
}
