/** The text that begins to watch a program in which it is evaluated, and the one that asks it for a batch at once. */
import { BOUNDS, Collector } from "./collector.ts";
import { MANNERS, Outpost } from "./outpost.ts";

/** Where it is to be found in the program, by its token, for who cannot wait until its event loop comes round. */
const outposts = `(globalThis[Symbol.for("espalier.outposts")] ??= new Map())`;

/** Connects to a port of this machine, and says the token there. The threads of a program that is begun with it are left alone. */
export function installation(port: number, token: string): string {
  const key = JSON.stringify(token);
  return `(() => {
if (!process.getBuiltinModule("node:worker_threads").isMainThread) return;
const BOUNDS = ${JSON.stringify(BOUNDS)};
const MANNERS = ${JSON.stringify(MANNERS)};
${String(Collector)}
${String(Outpost)}
${outposts}.set(${key}, new Outpost(new Collector(), ${port}, ${key}, () => ${outposts}.delete(${key})));
})()`;
}

/** The next batch as JSON, also while the program computes; `"null"` where it is not watched any more. */
export function pulling(token: string): string {
  return `JSON.stringify(${outposts}.get(${JSON.stringify(token)})?.pull() ?? null)`;
}
