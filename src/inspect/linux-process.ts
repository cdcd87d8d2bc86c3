/** What Linux tells of a process, without asking the process itself. */
import { readdirSync, readFileSync, readlinkSync } from "node:fs";

const SIGUSR1 = 10;

/** What is known of a process that may run a JavaScript program. */
export interface ProcessFacts {
  readonly pid: number;
  readonly runtime: "node" | "bun" | "deno";
  readonly command: string;
  /** It has a handler for SIGUSR1: without one the signal would end it. */
  readonly takesSignal: boolean;
}

/** `undefined` for a process that is not there, not ours to look at, or no JavaScript program. */
export function factsOf(pid: number): ProcessFacts | undefined {
  try {
    const executable = readlinkSync(`/proc/${pid}/exe`).replace(/ \(deleted\)$/, "");
    const runtime = /(?:^|\/)(node|bun|deno)[^/]*$/.exec(executable)?.[1] as ProcessFacts["runtime"] | undefined;
    if (runtime === undefined) return undefined;
    const command = readFileSync(`/proc/${pid}/cmdline`, "utf8").split("\0").join(" ").trim();
    const caught = /^SigCgt:\s*([0-9a-f]+)$/m.exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1] ?? "0";
    return { pid, runtime, command, takesSignal: ((BigInt(`0x${caught}`) >> BigInt(SIGUSR1 - 1)) & 1n) === 1n };
  } catch {
    return undefined;
  }
}

/** All such processes of this user. */
export function programs(): ProcessFacts[] {
  return readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name) && Number(name) !== process.pid)
    .map((name) => factsOf(Number(name)))
    .filter((facts) => facts !== undefined);
}

/** The ports on which a process listens on loopback, by IPv4. */
export function loopbackPorts(pid: number): number[] {
  const sockets = socketsOf(pid);
  const ports: number[] = [];
  for (const line of readFileSync(`/proc/${pid}/net/tcp`, "utf8").split("\n").slice(1)) {
    const [, local = "", , state, , , , , , inode = ""] = line.trim().split(/\s+/);
    const [address, port = ""] = local.split(":");
    // Listening, on 127.0.0.1 as this machine's byte order writes it.
    if (state === "0A" && address === "0100007F" && sockets.has(inode)) ports.push(Number.parseInt(port, 16));
  }
  return ports;
}

function socketsOf(pid: number): Set<string> {
  const inodes = new Set<string>();
  for (const name of readdirSync(`/proc/${pid}/fd`)) {
    try {
      const inode = /^socket:\[(\d+)\]$/.exec(readlinkSync(`/proc/${pid}/fd/${name}`))?.[1];
      if (inode !== undefined) inodes.add(inode);
    } catch {
      // Closed meanwhile.
    }
  }
  return inodes;
}
