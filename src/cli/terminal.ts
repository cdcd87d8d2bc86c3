/**
 * Where a command writes: results to standard output, everything else to standard error, so that a pipe gets results
 * only. Colour is for terminals: none when a stream is piped, nor with NO_COLOR; FORCE_COLOR asks for it all the same.
 */
import pc from "picocolors";

export type Colours = ReturnType<typeof pc.createColors>;

export interface Terminal {
  readonly output: NodeJS.WriteStream;
  readonly errors: NodeJS.WriteStream;
  readonly colours: Colours;
  readonly errorColours: Colours;
}

export function openTerminal(): Terminal {
  // A reader that has seen enough (`| head`) closes the pipe: that is no failure of ours.
  process.stdout.on("error", (error: NodeJS.ErrnoException) => {
    if (error.code !== "EPIPE") throw error;
  });
  return {
    output: process.stdout,
    errors: process.stderr,
    colours: pc.createColors(wantsColour(process.stdout)),
    errorColours: pc.createColors(wantsColour(process.stderr)),
  };
}

export const plainColours: Colours = pc.createColors(false);

export function wantsColour(stream: { readonly isTTY?: boolean }, environment: NodeJS.ProcessEnv = process.env): boolean {
  const { NO_COLOR, FORCE_COLOR, TERM } = environment;
  if (NO_COLOR !== undefined && NO_COLOR !== "") return false;
  if (FORCE_COLOR !== undefined) return FORCE_COLOR !== "0";
  return stream.isTTY === true && TERM !== "dumb";
}
