/**
 * The inspector of another process: found where it is open, else opened by SIGUSR1 and closed again.
 *
 * Invariants
 *   1. Nobody is asked but who may be one: what the process was told to listen on, and what it listens on since the signal.
 *   2. What was opened here is closed, however the look ends; where that cannot be done it is said.
 */
import type { Scope } from "../task/capabilities.ts";
import { sleep } from "../task/sleep.ts";
import { AttachError } from "./attach-error.ts";
import { evaluate } from "./evaluate.ts";
import { factsOf, loopbackPorts, namedPorts } from "./linux-process.ts";

const USUAL_PORT = 9229;
const LOOK_MS = 10;
const ANSWER_MS = 500;
const OPENING_MS = 3_000;
/** What was asked to open and given up may still do so. */
const LATE_MS = 2_000;
const CLOSING_MS = 1_000;

/**
 * A moment later, and by no timer: a program under test may have some that stand still. Closed in the very moment in which its thread begins a session,
 * the inspector takes the program with it (SIGSEGV, Node.js 26).
 */
const CLOSE = `void Atomics.waitAsync(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 100).value.then(() => process.getBuiltinModule("node:inspector").close())`;

/** The address of the inspector that a process has open, if it has one. */
export function openInspector(pid: number, scope: Scope): Promise<string | undefined> {
  const named = [USUAL_PORT, ...namedPorts(pid)];
  // 0 is any.
  return answering(loopbackPorts(pid).filter((port) => named.includes(port) || named.includes(0)), scope);
}

/** Opens the inspector of a process that takes SIGUSR1 while `body` runs. `say` is told where it stays open. */
export async function withInspector<T>(pid: number, scope: Scope, body: (address: string) => Promise<T>, say: (text: string) => void): Promise<T> {
  const before = new Set(loopbackPorts(pid));
  signal(pid);
  let address: string | undefined;
  try {
    address = await scope.moveOnAfter(OPENING_MS, (inner) => opened(pid, before, inner));
    if (address !== undefined) return await body(address);
    throw new AttachError(
      `Process ${pid} was asked to open its inspector (SIGUSR1) and did not within ${OPENING_MS / 1_000} s.`,
      "Port 9229 may be taken by another process, the program may handle SIGUSR1 itself, have its inspector open on a port of its own, or be in native code that does not return. Start it with --inspect=0 to be sure.",
    );
  } finally {
    const left = await scope.shield((own) => close(pid, before, address, own));
    if (left !== undefined) say(left);
  }
}

function signal(pid: number): void {
  try {
    process.kill(pid, "SIGUSR1");
  } catch (error) {
    throw new AttachError(`Process ${pid} cannot be asked to open its inspector: ${String(error)}.`, "espalier ps lists the programs that run.");
  }
}

async function opened(pid: number, before: ReadonlySet<number>, scope: Scope): Promise<string> {
  for (;;) {
    if (factsOf(pid) === undefined) throw new AttachError(`Process ${pid} has ended.`, "espalier ps lists the programs that run.");
    const found = await answering(loopbackPorts(pid).filter((port) => !before.has(port)), scope);
    if (found !== undefined) return found;
    await sleep(LOOK_MS, scope);
  }
}

/** The first of these ports that speaks as an inspector does. */
async function answering(ports: readonly number[], scope: Scope): Promise<string | undefined> {
  for (const port of ports) {
    const found = await scope.moveOnAfter(ANSWER_MS, async ({ signal }) => {
      const response = await fetch(`http://127.0.0.1:${port}/json/list`, { signal });
      const [target] = (await response.json()) as { webSocketDebuggerUrl?: unknown }[];
      return target?.webSocketDebuggerUrl;
    })
      // Another server, which speaks another language.
      .catch(unlessCancelled(scope));
    if (typeof found === "string" && found.startsWith(`ws://127.0.0.1:${port}/`)) return found;
  }
  return undefined;
}

/** Gives what is to be said where it stays open. */
async function close(pid: number, before: ReadonlySet<number>, known: string | undefined, scope: Scope): Promise<string | undefined> {
  const address = known ?? (await scope.moveOnAfter(LATE_MS, (inner) => opened(pid, before, inner)).catch(unlessCancelled(scope)));
  if (address === undefined) return factsOf(pid) === undefined ? undefined : `Process ${pid} was asked to open its inspector. Should it do so later, it stays open until the program ends.`;
  // Whether it is closed is seen below.
  await evaluate(address, CLOSE, scope).catch(unlessCancelled(scope));
  const port = Number(new URL(address).port);
  const isClosed = await scope.moveOnAfter(CLOSING_MS, async (inner) => {
    while (loopbackPorts(pid).includes(port)) await sleep(LOOK_MS, inner);
    return true;
  });
  return isClosed ? undefined : `The inspector of process ${pid} stays open, on port ${port}, until its event loop comes round: it was busy all the while.`;
}

/** For `catch`: what failed gives nothing. */
function unlessCancelled(scope: Scope): () => undefined {
  return () => {
    scope.throwIfCancelled();
    return undefined;
  };
}
