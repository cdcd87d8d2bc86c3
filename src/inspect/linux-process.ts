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

/** Whether 127.0.0.1 is the same for it and for this process. */
export function isInThisNetwork(pid: number): boolean {
  return linkOr("its", `/proc/${pid}/ns/net`) === linkOr("own", "/proc/self/ns/net");
}

/** The ports that the options of a process name for its inspector; 0 is any, where it was opened at the start. */
export function namedPorts(pid: number): number[] {
  const words = readOr("", `/proc/${pid}/cmdline`).split("\0");
  const options = readOr("", `/proc/${pid}/environ`).split("\0").find((variable) => variable.startsWith("NODE_OPTIONS="));
  if (options !== undefined) words.push(...options.slice("NODE_OPTIONS=".length).split(/\s+/));
  return words.flatMap((word) => {
    const [, how, port] = /^--(?:inspect|debug)(-brk|-wait|-port|)=(?:.*:)?(\d+)$/.exec(word) ?? [];
    return port === undefined || (how === "-port" && port === "0") ? [] : [Number(port)];
  });
}

/** The ports on which a process listens on loopback, by IPv4; none of one that has ended. */
export function loopbackPorts(pid: number): number[] {
  const sockets = socketsOf(pid);
  const ports: number[] = [];
  for (const line of readOr("", `/proc/${pid}/net/tcp`).split("\n").slice(1)) {
    const [, local = "", , state, , , , , , inode = ""] = line.trim().split(/\s+/);
    const [address, port = ""] = local.split(":");
    // Listening, on 127.0.0.1 as this machine's byte order writes it.
    if (state === "0A" && address === "0100007F" && sockets.has(inode)) ports.push(Number.parseInt(port, 16));
  }
  return ports;
}

function socketsOf(pid: number): Set<string> {
  const inodes = new Set<string>();
  try {
    for (const name of readdirSync(`/proc/${pid}/fd`)) {
      const inode = /^socket:\[(\d+)\]$/.exec(linkOr("", `/proc/${pid}/fd/${name}`))?.[1];
      if (inode !== undefined) inodes.add(inode);
    }
  } catch {
    // It has ended.
  }
  return inodes;
}

/** `absent` for what is not there any more, or not ours to read. */
function readOr(absent: string, file: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch {
    return absent;
  }
}

function linkOr(absent: string, file: string): string {
  try {
    return readlinkSync(file);
  } catch {
    return absent;
  }
}
