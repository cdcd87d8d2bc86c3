/**
 * Where the program called something of ours. For debugging: ask `debugging` first.
 *
 * What is kept is the Error as the engine made it; its stack is turned into text when somebody reads it.
 */
export class Trace {
  readonly #error: Error;

  private constructor(error: Error) {
    this.#error = error;
  }

  /** The place from which the function was called that calls this one. Cost: a stack of ten frames, not yet text. */
  static ofCaller(): Trace {
    return new Trace(new Error());
  }

  /** The lines of the stack, from that place on, as the engine writes them. */
  get stack(): string {
    const frames = (this.#error.stack ?? "").split("\n").filter((line) => FRAME.test(line));
    const own = OWN.exec(fileOf(frames[0]))?.[1];
    let first = OURS;
    // Where the caller ended with that call, Bun and Safari have left its frame out, and what follows may be ours.
    while (own !== undefined && fileOf(frames[first]).startsWith(own)) first++;
    if (first < frames.length) return frames.slice(first).join("\n");
    // The program's lines are below those that the engine has kept: none is better than one of ours.
    return frames.length >= (Error as { stackTraceLimit?: number }).stackTraceLimit! ? "" : frames.slice(OURS).join("\n");
  }

  /** That place alone: `/srv/app.ts:12`. `undefined` where the engine has no stacks. */
  get place(): string | undefined {
    return placeIn(this.stack.split("\n", 1)[0]!);
  }
}

/** The place that a line of a stack is about. */
export function placeIn(frame: string): string | undefined {
  const [, file, line] = FRAME.exec(frame) ?? [];
  return file === undefined ? undefined : `${file.replace(/^file:\/\//, "")}:${line}`;
}

/** `ofCaller` itself, and the function that was called. */
const OURS = 2;

/** `at name (file:1:2)`, `at async file:1:2` (V8, Bun), `name@file:1:2` (Safari, Firefox). */
const FRAME = /^\s*(?:at (?:.*? \()?(?:async )?|[^@]*@)(.+):(\d+):\d+\)?$/;

/** This file where nobody has bundled it, and the folder of the package around. */
const OWN = /^(.*[\\/])host[\\/]trace\.[jt]s$/;

function fileOf(frame: string | undefined): string {
  // One program may have both: Node.js 22 gives what was required a path, and what was imported an address.
  return ((frame === undefined ? undefined : FRAME.exec(frame)?.[1]) ?? "").replace(/^file:\/\//, "");
}
