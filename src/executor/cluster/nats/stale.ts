import type { NatsConnection } from "@nats-io/transport-node";

/**
 * Looks whether the server still answers, and connects again where it does not: what is cut without a word looks connected for
 * minutes. Gives the function that ends it. It keeps no program alive.
 */
export function watchStale(connection: NatsConnection, ms: number, isConnected: () => boolean): () => void {
  let isWaiting = false;
  const timer = setInterval(() => {
    if (!isConnected()) {
      isWaiting = false;
    } else if (isWaiting) {
      isWaiting = false;
      connection.reconnect().catch(() => {});
    } else {
      isWaiting = true;
      connection.flush().then(
        () => (isWaiting = false),
        () => (isWaiting = false),
      );
    }
  }, ms);
  timer.unref();
  return () => clearInterval(timer);
}
