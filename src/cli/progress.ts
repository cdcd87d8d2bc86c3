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
  /** So many steps are done, where their parts are known: a fraction too. */
  at(done: number, phase: string, detail: string): void;
  /** Takes the line away: the result follows. */
  done(): void;
}

interface Drawing {
  show(phase: string, detail: string): void;
  end(): void;
}

const barWidth = 20;

export function startProgress(steps: number, { errors, errorColours }: Terminal, now: () => number = () => performance.now()): Progress {
  let done = 0;
  let shown = 0;
  const firstBegan = now();
  const left = (): string => {
    // The first steps say too little about the others.
    if (shown <= 3 || done < steps / 20) return "";
    const seconds = Math.ceil(((now() - firstBegan) / done / 1000) * (steps - done));
    return `about ${seconds < 60 ? `${seconds} s` : `${Math.ceil(seconds / 60)} min`} left`;
  };
  const draw = errors.isTTY ? drawInPlace() : printTenths();
  const at = (steps: number, phase: string, detail: string): void => {
    done = steps;
    shown++;
    draw.show(phase, detail);
  };
  return {
    step(phase, detail) {
      at(done, phase, detail);
      done++;
    },
    at,
    done: draw.end,
  };

  function drawInPlace(): Drawing {
    const redraw = createLogUpdate(errors, { showCursor: true });
    return {
      show(phase, detail) {
        const filled = Math.round((done / steps) * barWidth);
        const bar = errorColours.green("━".repeat(filled)) + errorColours.dim("━".repeat(barWidth - filled));
        const text = [left(), phase, detail].filter((part) => part !== "").join(" · ");
        // A line that is broken in two is not redrawn but repeated. The bar's colours take no room.
        const room = (errors.columns || 80) - 1 + (bar.length - barWidth);
        redraw(`${bar} ${percent()} ${text}`.slice(0, room));
      },
      end: () => redraw.clear(),
    };
  }

  function printTenths(): Drawing {
    let told = "";
    return {
      show(phase) {
        const mark = `${phase} ${Math.floor((done / steps) * 10)}`;
        if (mark === told) return;
        told = mark;
        errors.write(`${percent()} ${[phase, left()].filter((part) => part !== "").join(", ")}\n`);
      },
      end() {},
    };
  }

  function percent(): string {
    return `${Math.floor((done / steps) * 100)} %`.padStart(5);
  }
}
