/** The server of the batches: nginx, in a process of its own; where it is not installed, one of node:http, which is slower than some clients. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { startNginx } from "../../src/cli/bench/http/server/nginx.ts";
import { fileOf } from "../child.ts";

export interface Origin {
  readonly url: string;
  readonly about: string;
  /** What must be known of it. */
  readonly note?: string;
  close(): void;
}

export async function openOrigin(): Promise<Origin> {
  const nginx = await startNginx();
  if ("url" in nginx) return { url: nginx.url, about: `nginx ${nginx.version} with one worker`, close: () => nginx.stop() };
  const child = spawn(process.execPath, [fileOf("origin-process.ts", import.meta.url)], { stdio: ["pipe", "pipe", "inherit"] });
  const [url] = (await once(createInterface({ input: child.stdout }), "line")) as [string];
  const note = `The server is node:http, which limits the fast clients (${nginx.unavailable}; Debian: apt-get install nginx-light).`;
  return { url, about: `node:http ${process.versions.node}`, note, close: () => child.stdin.end() };
}
