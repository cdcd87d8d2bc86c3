/** The object store of JetStream: for parts of messages that are too large for one. */
import type { ObjectStore } from "@nats-io/obj";
import type { NatsConnection } from "@nats-io/transport-node";
import { describe } from "../../../errors/brand.ts";
import { ClusterError } from "../../cluster-error.ts";
import type { Store } from "../durable.ts";

/** What nobody has fetched after so long is nobody's: its caller, or its worker, is gone. */
const LEFT_MS = 24 * 3_600_000;

/** Rejects with ClusterError `"TOO_LARGE"` where it can never be used; with any other error where it cannot be used just now. */
export async function openStore(connection: NatsConnection, bucket: string): Promise<Store> {
  const { Objm } = await client();
  const objects: ObjectStore = await new Objm(connection).create(bucket, { ttl: LEFT_MS * 1e6 });
  return {
    put: async (name, data) => void (await objects.putBlob({ name }, data)),
    get: async (name) => (await objects.getBlob(name)) ?? undefined,
    remove: async (name) => void (await objects.delete(name)),
  };
}

async function client(): Promise<typeof import("@nats-io/obj")> {
  try {
    return await import("@nats-io/obj");
  } catch (error) {
    throw new ClusterError("TOO_LARGE", `What is too large for a message goes through the object store of JetStream, by the package @nats-io/obj, which cannot be loaded: ${describe(error)}. Install it beside espalier: npm install @nats-io/obj.`, { cause: error });
  }
}
