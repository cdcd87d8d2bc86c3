/**
 * A nats-server of this program's own: on loopback, on a port that nobody knows, with a token.
 *
 * It ends with the program in whatever way that ends: a shell beside it waits for the end of a pipe from here. It is not of the
 * terminal's group, so that Ctrl-C is for the program to answer.
 */
import { spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import { existsSync } from "node:fs";
import { mkdtemp, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { createInterface } from "node:readline";
import { ClusterError } from "../../cluster-error.ts";

export interface LocalServer {
  /** With the token in it. */
  readonly url: string;
  /** Settles when it has ended, by itself or not. */
  readonly ended: Promise<void>;
  end(): void;
}

const KEEPER = `"$0" -c "$1/server.conf" & server=$!; exec 2>&-; read -r _; kill "$server"; wait "$server"; rm -rf "$1"`;

/** Where nats-server is: as ESPALIER_NATS_SERVER says, or in the PATH. */
export function findServer(): string | undefined {
  const named = process.env["ESPALIER_NATS_SERVER"];
  if (named !== undefined && named !== "") return named;
  return (process.env["PATH"] ?? "").split(delimiter).map((folder) => join(folder, "nats-server")).find((file) => existsSync(file));
}

/** Rejects with ClusterError `"NO_SERVER"`. */
export async function startServer(): Promise<LocalServer> {
  const file = findServer();
  if (file === undefined || process.platform === "win32") {
    throw new ClusterError(
      "NO_SERVER",
      `A cluster without servers starts a nats-server of its own, and there is none ${file === undefined ? "in the PATH" : "that could be kept on Windows"}. Install it (apt-get install nats-server, brew install nats-server, or https://nats.io/download), ` +
        `name it in ESPALIER_NATS_SERVER, or give the servers: openCluster({ servers: "nats://…" }).`,
    );
  }
  const folder = await mkdtemp(join(tmpdir(), "espalier-nats-"));
  const token = randomBytes(24).toString("base64url");
  await writeFile(join(folder, "server.conf"), configuration(folder, token), { mode: 0o600 });
  const child = spawn("/bin/sh", ["-c", KEEPER, file, folder], { stdio: ["pipe", "ignore", "pipe"], detached: true });
  const ended = new Promise<void>((resolve) => child.stderr.once("close", resolve));
  const lines = createInterface({ input: child.stderr });
  const said: string[] = [];
  const port = await new Promise<string | undefined>((resolve) => {
    lines.on("line", (line) => {
      if (said.length < LINES) said.push(line);
      const found = /Listening for client connections on 127\.0\.0\.1:(\d+)/.exec(line)?.[1];
      if (found !== undefined) resolve(found);
    });
    child.once("error", () => resolve(undefined));
    void ended.then(() => resolve(undefined));
  });
  const end = (): void => void child.stdin.end();
  child.stdin.on("error", () => {});
  if (port === undefined) {
    end();
    throw new ClusterError("NO_SERVER", `${file} did not start. It said:\n${said.join("\n")}`);
  }
  // In Bun pipes have no such word.
  for (const kept of [child, child.stdin, child.stderr] as unknown as { unref?(): void }[]) kept.unref?.();
  // What it says is read on, so that it is not held up.
  return { url: `nats://${token}@127.0.0.1:${port}`, ended, end };
}

const LINES = 20;

function configuration(folder: string, token: string): string {
  return [
    `listen: "127.0.0.1:-1"`,
    `authorization { token: "${token}" }`,
    `max_payload: ${8 * 2 ** 20}`,
    `jetstream { store_dir: ${JSON.stringify(join(folder, "store"))} }`,
    "",
  ].join("\n");
}
