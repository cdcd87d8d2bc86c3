/**
 * nginx as the server of the fan-out, where it is installed: from a configuration of its own in a temporary folder,
 * as a child that `stop()` ends. What cannot be started is `undefined` with the reason told, never a crash:
 * the embedded server takes its place.
 */
import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { rmSync } from "node:fs";
import { mkdtemp, writeFile } from "node:fs/promises";
import { connect, createServer, type AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { bodyBytes } from "./site.ts";

export interface Nginx {
  readonly url: string;
  readonly version: string;
  stop(): void;
}

// Debian and others keep it out of a user's PATH.
const usualFolders = ["/usr/sbin", "/usr/local/sbin", "/usr/local/bin", "/opt/homebrew/bin"];

export async function startNginx(): Promise<Nginx | { readonly unavailable: string }> {
  const found = findNginx();
  if (found === undefined) return { unavailable: "nginx is not installed" };
  const folder = await mkdtemp(join(tmpdir(), "espalier-nginx-"));
  const port = await freePort();
  await writeFile(join(folder, "nginx.conf"), configuration(folder, port));
  // A process group of its own: Ctrl-C in a terminal must reach it through us, after the requests were ended.
  const child = spawn(found.command, ["-p", folder, "-e", "stderr", "-c", join(folder, "nginx.conf")], {
    stdio: ["ignore", "ignore", "pipe"],
    detached: true,
  });
  let complaints = "";
  child.stderr.setEncoding("utf8").on("data", (text: string) => (complaints += text));
  child.on("error", (error) => (complaints += error.message));
  const stop = (): void => {
    endGroup(child);
    rmSync(folder, { recursive: true, force: true });
  };
  if (await answers(port, child)) return { url: `http://127.0.0.1:${port}`, version: found.version, stop };
  stop();
  return { unavailable: `nginx ${found.version} did not start: ${complaints.trim().split("\n").at(-1) ?? ""}` };
}

/** The master and its workers at once: a master that is killed alone leaves its workers behind. */
function endGroup(child: ChildProcess): void {
  if (child.pid === undefined) return;
  try {
    process.kill(-child.pid, "SIGKILL");
  } catch {
    child.kill("SIGKILL");
  }
}

function findNginx(): { readonly command: string; readonly version: string } | undefined {
  const folders = (process.env["PATH"] ?? "").split(delimiter).concat(usualFolders);
  for (const folder of folders) {
    const command = join(folder, "nginx");
    const asked = spawnSync(command, ["-v"], { encoding: "utf8", stdio: ["ignore", "ignore", "pipe"] });
    const version = /nginx\/(\S+)/.exec(asked.stderr ?? "")?.[1];
    if (version !== undefined) return { command, version };
  }
  return undefined;
}

function configuration(folder: string, port: number): string {
  const temporary = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"].map((kind) => `${kind}_temp_path ${join(folder, kind)};`);
  return `
    daemon off;
    worker_processes 1;
    pid ${join(folder, "nginx.pid")};
    events { worker_connections 16384; }
    http {
      access_log off;
      keepalive_requests 1000000;
      default_type application/octet-stream;
      ${temporary.join("\n      ")}
      server {
        listen 127.0.0.1:${port} backlog=4096;
        location / { return 200 "${"espalier ".repeat(bodyBytes).slice(0, bodyBytes)}"; }
      }
    }`;
}

/** A port of loopback that nobody has. */
export async function freePort(): Promise<number> {
  const probe = createServer().listen(0, "127.0.0.1");
  await once(probe, "listening");
  const { port } = probe.address() as AddressInfo;
  probe.close();
  await once(probe, "close");
  return port;
}

/** Whether something accepts connections at the port before the child gives up, or 5 seconds have passed. */
async function answers(port: number, child: ChildProcess): Promise<boolean> {
  for (let attempt = 0; attempt < 500 && child.pid !== undefined && child.exitCode === null; attempt++) {
    const socket = connect(port, "127.0.0.1");
    try {
      await once(socket, "connect");
      return true;
    } catch {
      await sleep(10);
    } finally {
      socket.destroy();
    }
  }
  return false;
}
