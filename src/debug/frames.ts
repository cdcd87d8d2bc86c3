/** The lines of a stack, as engines write them, that are the program's own. */
import { placeIn } from "../host/trace.ts";

const FOREIGN = /\bnode:|\bext:|[\\/]node_modules[\\/]/;

const HOME = /^(?:file:\/\/)?(.*[\\/])debug[\\/]frames\.[jt]s$/.exec(import.meta.url)?.[1];

/** Whether it is neither of the runtime, nor of a package, nor ours. */
export function isProgram(frame: string): boolean {
  return !FOREIGN.test(frame) && (HOME === undefined || !frame.includes(HOME)) && placeIn(frame) !== undefined;
}

/** The place of the innermost line of the program. */
export function programPlace(stack: string): string | undefined {
  const frame = stack.split("\n").find(isProgram);
  return frame === undefined ? undefined : placeIn(frame);
}
