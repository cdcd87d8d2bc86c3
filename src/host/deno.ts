import type { Host } from "../ports/host.ts";
import { nodeHost } from "./node.ts";

interface Permissions {
  querySync(descriptor: { name: "env"; variable: string }): { readonly state: string };
}

/** To read a variable without leave would throw, or ask whoever sits at the terminal. */
function mayRead(variable: string): boolean {
  const { Deno } = globalThis as { Deno?: { readonly permissions: Permissions } };
  return Deno?.permissions.querySync({ name: "env", variable }).state === "granted";
}

export const host: Host = nodeHost("deno", mayRead);
