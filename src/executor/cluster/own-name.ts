import { randomBytes } from "node:crypto";
import { hostname } from "node:os";

/** A name for one who speaks in a cluster: `id` is nobody else's, `label` is for people. */
export function ownName(): { readonly id: string; readonly label: string } {
  const host = hostname().replace(/[^A-Za-z0-9-]+/g, "-").slice(0, 32) || "host";
  return { id: `${host}-${process.pid}-${randomBytes(9).toString("base64url")}`, label: `${host}/${process.pid}` };
}
