/**
 * The progress of a long command, on standard error.
 *
 * In a terminal one line that is redrawn; in a pipe a plain line whenever the phase changes or another tenth is done.
 * It is drawn when a step begins and at no other time: no timer runs, so what is measured between two steps is not disturbed.
 */
import { createLogUpdate } from "log-update";
import type { Terminal } from "./terminal.ts";

export interface Progress {
  /** Another step begins: the phase it belongs to, and what is being done. */
  step(phase: string, detail: string): void;
  /** Takes the line away: the result follows. */
  done(): void;
}

const barWidth = 20;

export function startProgress(steps: number, { errors, errorColours }: Terminal, now: () => number = () => performance.now()): Progress {
  let begun = 0;
  const firstBegan = now();
  const left = (): string => {
    // The first steps say too little about the others.
    if (begun < Math.max(3, steps / 20)) return "";
    const seconds = Math.ceil(((now() - firstBegan) / begun / 1000) * (steps - begun));
    return `about ${seconds < 60 ? `${seconds} s` : `${Math.ceil(seconds / 60)} min`} left`;
  };
  const draw = errors.isTTY ? drawInPlace() : printTenths();
  return {
    step(phase, detail) {
      draw.step(phase, detail);
      begun++;
    },
    done: draw.done,
  };

  function drawInPlace(): Progress {
    const redraw = createLogUpdate(errors, { showCursor: true });
    return {
      step(phase, detail) {
        const filled = Math.round((begun / steps) * barWidth);
        const bar = errorColours.green("━".repeat(filled)) + errorColours.dim("━".repeat(barWidth - filled));
        const text = [left(), phase, detail].filter((part) => part !== "").join(" · ");
        // A line that is broken in two is not redrawn but repeated. The bar's colours take no room.
        const room = (errors.columns || 80) - 1 + (bar.length - barWidth);
        redraw(`${bar} ${percent()} ${text}`.slice(0, room));
      },
      done: () => redraw.clear(),
    };
  }

  function printTenths(): Progress {
    let told = "";
    return {
      step(phase) {
        const mark = `${phase} ${Math.floor((begun / steps) * 10)}`;
        if (mark === told) return;
        told = mark;
        errors.write(`${percent()} ${[phase, left()].filter((part) => part !== "").join(", ")}\n`);
      },
      done() {},
    };
  }

  function percent(): string {
    return `${Math.floor((begun / steps) * 100)} %`.padStart(5);
  }
}
