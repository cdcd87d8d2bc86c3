/** A PostgreSQL of this program's own, on a socket in a folder of its own; Debian's, where that is installed. */
import { execFile, spawn } from "node:child_process";
import { chownSync, existsSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { promisify } from "node:util";

const versions = "/usr/lib/postgresql";
const newest = existsSync(versions) ? readdirSync(versions).sort((a, b) => Number(b) - Number(a)).find((version) => existsSync(join(versions, version, "bin", "initdb"))) : undefined;

/** Where its programs are. */
export const programs: string | undefined = newest === undefined ? undefined : join(versions, newest, "bin");

/** It does not run as root. */
const nobody = process.getuid?.() === 0 ? { uid: 65_534, gid: 65_534 } : undefined;

/** Gives the folder of its socket, and what ends it. */
export async function startPostgres(bin: string): Promise<{ host: string; stop(): Promise<void> }> {
  const folder = mkdtempSync(join(tmpdir(), "espalier-pg-"));
  if (nobody !== undefined) chownSync(folder, nobody.uid, nobody.gid);
  const data = join(folder, "data");
  const options = { ...nobody, cwd: folder };
  await promisify(execFile)(join(bin, "initdb"), ["--pgdata", data, "--auth", "trust", "--username", "espalier", "--no-sync"], options);
  const server = spawn(join(bin, "postgres"), ["-D", data, "-k", folder, "-c", "listen_addresses=", "-c", "fsync=off"], { ...options, stdio: ["ignore", "ignore", "pipe"] });
  const ended = new Promise<void>((resolve) => server.once("close", () => resolve()));
  const stop = async (): Promise<void> => {
    server.kill("SIGQUIT");
    await ended;
    rmSync(folder, { recursive: true, force: true });
  };
  for await (const line of createInterface({ input: server.stderr })) {
    if (!line.includes("ready to accept connections")) continue;
    server.stderr.resume();
    return { host: folder, stop };
  }
  await stop();
  throw new Error("postgres ended before it was ready");
}
