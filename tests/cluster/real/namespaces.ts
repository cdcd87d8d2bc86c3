/** Two networks of this test's own, with a wire between them that can be cut. */
import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { after } from "node:test";

const ip = ["/usr/sbin/ip", "/sbin/ip", "/usr/bin/ip"].find((file) => existsSync(file));

function run(...args: string[]): string {
  const { status, stderr, error } = spawnSync(ip!, args, { encoding: "utf8" });
  if (status !== 0) throw new Error(`ip ${args.join(" ")}: ${stderr || String(error)}`);
  return args.join(" ");
}

/** Why there can be none, if there can. */
export const missing: string | false = (() => {
  if (ip === undefined) return "iproute2 is not installed";
  const name = `esp-${process.pid}-probe`;
  try {
    run("netns", "add", name);
    run("netns", "del", name);
    return false;
  } catch (error) {
    return `network namespaces are not allowed here (iproute2: ${(error as Error).message.trim()})`;
  }
})();

export class Wire {
  /** What a command begins with to run on either side. */
  readonly here: readonly string[];
  readonly there: readonly string[];
  /** The address of this side. */
  readonly address = "10.213.97.1";
  readonly #names: readonly [string, string];

  constructor() {
    const [a, b] = (this.#names = [`esp-${process.pid}-a`, `esp-${process.pid}-b`]);
    this.here = [ip!, "netns", "exec", a];
    this.there = [ip!, "netns", "exec", b];
    after(() => this.remove());
    run("netns", "add", a);
    run("netns", "add", b);
    run("link", "add", "wire", "netns", a, "type", "veth", "peer", "name", "wire", "netns", b);
    for (const [name, address] of [[a, this.address], [b, "10.213.97.2"]] as const) {
      run("-n", name, "addr", "add", `${address}/30`, "dev", "wire");
      run("-n", name, "link", "set", "lo", "up");
      run("-n", name, "link", "set", "wire", "up");
    }
  }

  cut(): void {
    run("-n", this.#names[0], "link", "set", "wire", "down");
  }

  heal(): void {
    run("-n", this.#names[0], "link", "set", "wire", "up");
  }

  remove(): void {
    for (const name of this.#names) spawnSync(ip!, ["netns", "del", name]);
  }
}
