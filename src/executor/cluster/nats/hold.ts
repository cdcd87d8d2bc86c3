/**
 * Whether a connection keeps the program alive. The client has no word for that: its socket and its timer are reached from within, which the tests hold
 * against the version that is installed. Where they are not to be found, the program is kept alive.
 */
import type { NatsConnection } from "@nats-io/transport-node";

interface Kept {
  ref?(): unknown;
  unref?(): unknown;
}

interface Insides {
  readonly protocol?: { readonly transport?: { readonly socket?: Kept }; readonly heartbeats?: { readonly timer?: Kept } };
}

/** Its timer never comes: see `watchStale`. */
export const NEVER_MS: number = 2 ** 31 - 1;

export function hold(connection: NatsConnection, isHeld: boolean): void {
  const { transport, heartbeats } = (connection as unknown as Insides).protocol ?? {};
  heartbeats?.timer?.unref?.();
  if (isHeld) transport?.socket?.ref?.();
  else transport?.socket?.unref?.();
}
