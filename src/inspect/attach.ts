/**
 * Looks into a program that merely imports the library: by the inspector that its runtime has, which is opened for the look and closed again.
 *
 *   checked ──an inspector is open──────────────▶ asked ──▶ left as it was
 *      └─────none: SIGUSR1, if it takes that────▶ asked ──▶ closed
 *
 * A process that would die of the signal is not sent it: first it is read what it catches.
 */
import { sleep } from "../task/sleep.ts";
import type { Scope } from "../task/capabilities.ts";
import { AttachError } from "./attach-error.ts";
import { type Dump, dumpHere, isDump } from "./dump.ts";
import { evaluate } from "./evaluate.ts";
import { factsOf, loopbackPorts, type ProcessFacts } from "./linux-process.ts";

const MOST_ENTRIES = 100_000;
const LOOK_MS = 10;
const OPENING_MS = 3_000;
/** A moment later: who asks is to be answered. */
const CLOSE = `void setTimeout(() => process.getBuiltinModule("node:inspector").close(), 50).unref()`;

/** Evaluates an expression in another process, which has to give a string. */
export type Ask = (expression: string) => Promise<string>;

/**
 * The dump of another process: what runs in it, each task with what it waits for. Also while it computes: only native code that does not return
 * keeps it from answering.
 *
 * Rejects with AttachError, which says why and what can be done; with the CancelledError of `scope`. Linux; of the runtimes, Node.js.
 */
export function dumpOf(pid: number, scope: Scope): Promise<Dump> {
  return asking(pid, scope, async (ask) => {
    const dump: unknown = JSON.parse(await ask(`JSON.stringify((${dumpHere.toString()})(${MOST_ENTRIES}))`));
    if (!isDump(dump)) throw new AttachError(`Process ${pid} answered with something that is no dump.`, "Does it run another version of the library?");
    return dump;
  });
}

/** Lets `body` ask another process, whose inspector is as it was when the call settles. */
export async function asking<T>(pid: number, scope: Scope, body: (ask: Ask) => Promise<T>): Promise<T> {
  if (process.platform !== "linux") throw new AttachError(`Looking into another process needs /proc, which ${process.platform} does not have.`, "Run the program with espalier/debug, or dump its tree from within: tree() of espalier/lowlevel.");
  const facts = factsOf(pid);
  if (facts === undefined) throw new AttachError(`There is no Node.js, Bun or Deno program of yours with the process id ${pid}.`, "espalier ps lists those there are.");
  const open = await inspectorOf(pid, scope);
  const address = open ?? (await opened(facts, scope));
  try {
    return await body(async (expression) => {
      const value = await evaluate(address, expression, scope);
      if (typeof value === "string") return value;
      throw new AttachError(`Process ${pid} answered with ${typeof value}.`, "Does it run another version of the library?");
    });
  } finally {
    if (open === undefined) await scope.shield((own) => evaluate(address, CLOSE, own)).catch(() => {});
  }
}

/** The address of the inspector that a process has open, if it has one. */
async function inspectorOf(pid: number, scope: Scope): Promise<string | undefined> {
  for (const port of loopbackPorts(pid)) {
    const found = await scope.moveOnAfter(500, async ({ signal }) => {
      const response = await fetch(`http://127.0.0.1:${port}/json/list`, { signal });
      const [target] = (await response.json()) as { webSocketDebuggerUrl?: string }[];
      return target?.webSocketDebuggerUrl;
    }).catch((error: unknown) => {
      scope.throwIfCancelled();
      // Another server, which speaks another language.
      void error;
      return undefined;
    });
    if (found !== undefined) return found;
  }
  return undefined;
}

async function opened({ pid, runtime, takesSignal }: ProcessFacts, scope: Scope): Promise<string> {
  if (runtime !== "node" || !takesSignal) {
    throw new AttachError(
      `Process ${pid} cannot be looked into: ${runtime === "node" ? "it does not catch SIGUSR1 (--disable-sigusr1?), and" : `${runtime} has no inspector to be opened from outside, and SIGUSR1`} would end it. It was left alone.`,
      runtime === "node" ? "Start it with --inspect." : "Dump its tree from within: tree() of espalier/lowlevel.",
    );
  }
  process.kill(pid, "SIGUSR1");
  const address = await scope.moveOnAfter(OPENING_MS, async (inner) => {
    for (;;) {
      const found = await inspectorOf(pid, inner);
      if (found !== undefined) return found;
      await sleep(LOOK_MS, inner);
    }
  });
  if (address !== undefined) return address;
  throw new AttachError(
    `Process ${pid} was asked to open its inspector (SIGUSR1) and did not within ${OPENING_MS / 1_000} s.`,
    "Port 9229 may be taken by another process, the program may handle SIGUSR1 itself, or native code does not return. Start it with --inspect=0 to be sure.",
  );
}
