/**
 * What the fan-out asks: the embedded server (a fresh site for each batch, so every batch begins without connections
 * and its connections can be counted), nginx, or a URL of the user's.
 */
import type { Scope } from "espalier";
import { CommandError } from "../../failure.ts";
import type { BenchHttpOptions } from "./options.ts";
import type { BenchServer } from "./server/bench-server.ts";
import { bodyBytes } from "./server/site.ts";
import type { Counts } from "./server/tally.ts";

export interface Target {
  readonly kind: "embedded" | "nginx" | "url";
  readonly about: string;
  /** What a whole answer weighs; unknown for a URL of the user's. */
  readonly bytes: number | undefined;
  open(requests: number, scope: Scope): Promise<OpenTarget>;
}

export interface OpenTarget {
  readonly addresses: readonly string[];
  /** Gives what was counted, where anybody counts. */
  close(scope: Scope): Promise<Counts | undefined>;
}

export function chooseTarget({ url, server: wanted }: Pick<BenchHttpOptions, "url" | "server">, server: BenchServer): Target {
  if (url !== undefined) return fixed("url", url.href, undefined, () => url.href);
  const { nginx } = server;
  if (wanted === "nginx" && nginx !== undefined && "unavailable" in nginx) {
    throw new CommandError(`--server nginx was asked for, but ${nginx.unavailable}`, "Install nginx, or leave the option out to measure against the embedded server.");
  }
  if (nginx !== undefined && "url" in nginx) return fixed("nginx", `nginx ${nginx.version}, in a process of its own`, bodyBytes, (item) => `${nginx.url}/item/${item}`);
  const instead = nginx === undefined ? "" : ` (${nginx.unavailable})`;
  return {
    kind: "embedded",
    about: `node:http, in a process of its own${instead}`,
    bytes: bodyBytes,
    async open(requests, scope) {
      const site = await server.open({}, scope);
      return { addresses: itemAddresses(site.url, requests), close: (scope) => site.close(scope) };
    },
  };
}

/** Where the items of a site are: `/item/0`, `/item/1`, … */
export function itemAddresses(origin: string, requests: number): string[] {
  return Array.from({ length: requests }, (_, item) => `${origin}/item/${item}`);
}

function fixed(kind: Target["kind"], about: string, bytes: number | undefined, address: (item: number) => string): Target {
  return {
    kind,
    about,
    bytes,
    open: async (requests) => ({ addresses: Array.from({ length: requests }, (_, item) => address(item)), close: async () => undefined }),
  };
}
