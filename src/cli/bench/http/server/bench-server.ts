/**
 * The running server as the driver sees it: sites to be opened, told to go on, asked for their counts, and closed.
 * A call takes the scope last and ends with it; the answers are the server's own counts.
 */
import type { Scope } from "espalier";
import { CommandError } from "../../../failure.ts";
import type { SiteInfo } from "./control.ts";
import type { Hello } from "./serve.ts";
import type { SitePlan } from "./site.ts";
import type { Counts } from "./tally.ts";

export class BenchServer {
  readonly nginx: Hello["nginx"];
  readonly #control: string;

  constructor(hello: Hello) {
    this.nginx = hello.nginx;
    this.#control = hello.control;
  }

  async open(plan: SitePlan, scope: Scope): Promise<RemoteSite> {
    return new RemoteSite(this.#control, await call<SiteInfo>("POST", `${this.#control}/sites`, plan, scope));
  }
}

export class RemoteSite {
  readonly url: string;
  readonly #self: string;

  constructor(control: string, info: SiteInfo) {
    this.url = info.url;
    this.#self = `${control}/sites/${info.id}`;
  }

  /** Lets all held answers go out. */
  release(scope: Scope): Promise<Counts> {
    return call("POST", `${this.#self}/release`, undefined, scope);
  }

  /** Waits until nothing more can come in; with `drained` also until every connection is closed. */
  quiet(drained: boolean, scope: Scope): Promise<Counts> {
    return call("POST", `${this.#self}/quiet${drained ? "?drained" : ""}`, undefined, scope);
  }

  close(scope: Scope): Promise<Counts> {
    return call("DELETE", this.#self, undefined, scope);
  }
}

async function call<T>(method: string, url: string, body: unknown, scope: Scope): Promise<T> {
  const response = await fetch(url, { ...scope, method, body: body === undefined ? null : JSON.stringify(body) });
  const answer: unknown = await response.json();
  if (!response.ok) throw new CommandError(`the benchmark's own server refused ${method} ${new URL(url).pathname}: ${JSON.stringify(answer)}`, "This is a defect of espalier: please report it.");
  return answer as T;
}
