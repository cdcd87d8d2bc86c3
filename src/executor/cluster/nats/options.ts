import type { NodeConnectionOptions } from "@nats-io/transport-node";

/** How NATS is connected to: TLS, credentials, and whatever else its client takes. What a cluster decides itself is left out. */
export interface NatsOptions extends Omit<NodeConnectionOptions, "servers" | "port" | "noEcho" | "maxReconnectAttempts" | "waitOnFirstConnect" | "verbose" | "pedantic"> {
  /** The content of a credentials file. */
  creds?: Uint8Array | undefined;
}

/** Addresses without the names and passwords that may be written in them, and these. */
export function addressesOf(servers: string | readonly string[]): { readonly servers: string[]; readonly credentials: Pick<NatsOptions, "user" | "pass" | "token"> } {
  let credentials: Pick<NatsOptions, "user" | "pass" | "token"> = {};
  const plain = [servers].flat().flatMap((given) => given.split(",")).map((given) => {
    const address = given.trim();
    const full = address.includes("://") ? address : `nats://${address}`;
    const url = URL.canParse(full) ? new URL(full) : undefined;
    if (url === undefined || url.hostname === "") throw new TypeError(`A cluster needs addresses of NATS servers, such as nats://localhost:4222, and got "${address}".`);
    const [user, pass] = [decodeURIComponent(url.username), decodeURIComponent(url.password)];
    if (user !== "") credentials = pass === "" ? { token: user } : { user, pass };
    return `${url.protocol}//${url.host}`;
  });
  return { servers: plain, credentials };
}
