/** Servers of NATS for tests: on loopback, killed and started again where they were. */
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { after } from "node:test";
import { findServer } from "../../../src/executor/cluster/local/nats-server.ts";

export const hasServer: boolean = findServer() !== undefined;
export const missing: string | false = hasServer ? false : "nats-server is not installed";

const folder = mkdtempSync(join(tmpdir(), "espalier-nats-test-"));
const running = new Set<ChildProcess>();
after(() => {
  for (const child of running) child.kill("SIGKILL");
  rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
});

export class Server {
  readonly url: string;
  readonly name: string;
  readonly #config: string;
  readonly #command: readonly string[];
  #child: ChildProcess | undefined;

  /** @param command what it is started by: in another network namespace, for example */
  constructor(name: string, port: number, more = "", host = "127.0.0.1", command: readonly string[] = []) {
    this.#command = command;
    this.name = name;
    this.url = `nats://${host}:${port}`;
    this.#config = join(folder, `${name}.conf`);
    writeFileSync(this.#config, `listen: "${host}:${port}"\nserver_name: ${name}\n${more.includes("no jetstream") ? "" : `jetstream { store_dir: "${join(folder, name)}" }\n`}${more.replace("no jetstream", "")}\n`);
  }

  async start(): Promise<this> {
    const command = [...this.#command, findServer()!, "-c", this.#config];
    const child = spawn(command[0]!, command.slice(1), { stdio: ["ignore", "ignore", "pipe"] });
    this.#child = child;
    running.add(child);
    const said: string[] = [];
    await new Promise<void>((resolve, reject) => {
      createInterface({ input: child.stderr }).on("line", (line) => {
        said.push(line);
        if (line.includes("Server is ready")) resolve();
      });
      child.once("exit", () => reject(new Error(`nats-server did not start:\n${said.join("\n")}`)));
    });
    return this;
  }

  /** As a crash. */
  async kill(): Promise<void> {
    const child = this.#child;
    if (child === undefined || child.exitCode !== null || child.signalCode !== null) return;
    const gone = once(child, "exit");
    child.kill("SIGKILL");
    await gone;
    running.delete(child);
  }
}

let last = 0;

export async function server(more?: string): Promise<Server> {
  return new Server(`alone-${++last}`, await freePort(), more).start();
}

/** Three that are one. */
export async function threeServers(): Promise<Server[]> {
  const [clients, routes] = [await Promise.all([freePort(), freePort(), freePort()]), await Promise.all([freePort(), freePort(), freePort()])];
  const group = ++last;
  const all = clients.map((port, n) => {
    const others = routes.map((route) => `"nats-route://127.0.0.1:${route}"`).join(", ");
    return new Server(`three-${group}-${n}`, port, `cluster { name: three-${group}, listen: "127.0.0.1:${routes[n]}", routes: [${others}] }`);
  });
  return Promise.all(all.map((one) => one.start()));
}

export async function freePort(): Promise<number> {
  const probe = createServer().listen(0, "127.0.0.1");
  await once(probe, "listening");
  const { port } = probe.address() as AddressInfo;
  probe.close();
  await once(probe, "close");
  return port;
}
