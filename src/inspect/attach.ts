/**
 * Looks into a program that merely imports the library: by the inspector that its runtime has, which is opened for the look and closed again.
 *
 *   checked ──an inspector is open──────────────▶ asked ──▶ left as it was
 *      └─────none: SIGUSR1, if it takes that────▶ asked ──▶ closed
 *
 * A process that would die of the signal is not sent it: first it is read what it catches.
 */
import type { Scope } from "../task/capabilities.ts";
import { AttachError } from "./attach-error.ts";
import { type Dump, dumpHere, isDump } from "./dump.ts";
import { evaluate } from "./evaluate.ts";
import { openInspector, withInspector } from "./inspector.ts";
import { factsOf, isInThisNetwork, type ProcessFacts } from "./linux-process.ts";

const MOST_ENTRIES = 100_000;

/** Evaluates an expression in another process, which has to give a string. */
export type Ask = (expression: string) => Promise<string>;

export interface Looker {
  /** Is given the dump as soon as it is there: before the inspector is closed, which takes a moment, or a second where the program computes. */
  show?(dump: Dump): void;
  /** Is told where the inspector could not be closed at once. */
  say?(text: string): void;
}

/**
 * The dump of another process: what runs in it, each task with what it waits for. Also while it computes: only native code that does not return
 * keeps it from answering. Its inspector is as it was when the call settles.
 *
 * Rejects with AttachError, which says why and what can be done; with the CancelledError of `scope`. Linux; of the runtimes, Node.js.
 */
export function dumpOf(pid: number, scope: Scope, looker: Looker = {}): Promise<Dump> {
  const body = async (ask: Ask): Promise<Dump> => {
    const dump: unknown = JSON.parse(await ask(`JSON.stringify((${dumpHere.toString()})(${MOST_ENTRIES}))`));
    if (!isDump(dump)) throw new AttachError(`Process ${pid} answered with something that is no dump.`, "Does it run another version of the library?");
    looker.show?.(dump);
    return dump;
  };
  return asking(pid, scope, body, (text) => looker.say?.(text));
}

/** Lets `body` ask another process, whose inspector is as it was when the call settles; where it cannot be, `say` is told. */
export async function asking<T>(pid: number, scope: Scope, body: (ask: Ask) => Promise<T>, say: (text: string) => void = () => {}): Promise<T> {
  const facts = reachable(pid);
  const asked = (address: string): Promise<T> =>
    body(async (expression) => {
      const value = await evaluate(address, expression, scope);
      if (typeof value === "string") return value;
      throw new AttachError(`Process ${pid} answered with ${typeof value}.`, "Does it run another version of the library?");
    });
  const open = await openInspector(pid, scope);
  if (open !== undefined) return await asked(open);
  checkSignal(facts);
  return await withInspector(pid, scope, asked, say);
}

function reachable(pid: number): ProcessFacts {
  if (process.platform !== "linux") throw new AttachError(`Looking into another process needs /proc, which ${process.platform} does not have.`, "Run the program with espalier/debug, or dump its tree from within: tree() of espalier/lowlevel.");
  const facts = factsOf(pid);
  if (facts === undefined) throw new AttachError(`There is no Node.js, Bun or Deno program of yours with the process id ${pid}.`, "espalier ps lists those there are.");
  // What listens here on its ports is somebody else.
  if (!isInThisNetwork(pid)) throw new AttachError(`Process ${pid} is in a network of its own, as one in a container is: its inspector cannot be reached from here.`, "Run espalier where it runs: in the container, or by nsenter.");
  return facts;
}

function checkSignal({ pid, runtime, takesSignal }: ProcessFacts): void {
  if (runtime === "node" && takesSignal) return;
  throw new AttachError(
    `Process ${pid} cannot be looked into: ${runtime === "node" ? "it does not catch SIGUSR1 (--disable-sigusr1?), and" : `${runtime} has no inspector to be opened from outside, and SIGUSR1`} would end it. It was left alone.`,
    runtime === "node" ? "Start it with --inspect." : "Dump its tree from within: tree() of espalier/lowlevel.",
  );
}
