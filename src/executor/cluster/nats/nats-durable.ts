/** JetStream as what keeps messages: one stream of calls, one of what is done, one of what nobody could do. */
import { createHash } from "node:crypto";
import type { Consumer, JetStreamClient, JetStreamManager, JsMsg, StreamConfig } from "@nats-io/jetstream";
import type { NatsConnection } from "@nats-io/transport-node";
import { describe } from "../../../errors/brand.ts";
import { ClusterError } from "../../cluster-error.ts";
import type { Durable, Job, Taking } from "../durable.ts";
import type { DurableOptions } from "../transport.ts";

type Jetstream = typeof import("@nats-io/jetstream");

const PUT_MS = 5_000;
/** A request for messages is renewed after so long. */
const FETCH_MS = 10_000;
const RETRY_MS = 500;
const MOST_UNDER_WAY = 20_000;
const DEAD_MS = 30 * 24 * 3_600_000;
/** A call that nobody has done after so long is nobody's any more. */
const JOB_MS = 7 * 24 * 3_600_000;
/** The codes of JetStream. */
const NAME_IN_USE = 10_058;
const NOT_THE_FIRST = 10_071;
const NO_MESSAGE = 10_037;

export async function openDurable(connection: NatsConnection, { subjects, replicas, remember }: DurableOptions): Promise<Durable> {
  const jetstream = await client();
  try {
    const manager = await jetstream.jetstreamManager(connection, { timeout: PUT_MS });
    const common = { storage: jetstream.StorageType.File, num_replicas: replicas, discard: jetstream.DiscardPolicy.New };
    const streams: Partial<StreamConfig>[] = [
      { ...common, name: subjects.kept("JOBS"), subjects: [subjects.everyJob], retention: jetstream.RetentionPolicy.Workqueue, max_age: nanos(JOB_MS) },
      { ...common, name: subjects.kept("DONE"), subjects: [subjects.everyDone], max_age: nanos(remember), allow_direct: true },
      { ...common, name: subjects.kept("DEAD"), subjects: [subjects.dead], max_age: nanos(DEAD_MS), discard: jetstream.DiscardPolicy.Old },
    ];
    for (const stream of streams) await ensure(manager, stream);
    return new NatsDurable(jetstream, manager, subjects);
  } catch (error) {
    throw new ClusterError("NO_JETSTREAM", `A durable cluster needs JetStream, and these servers do not give it: ${describe(error)}. Start them with -js, or with jetstream { … } in their configuration.`, { cause: error });
  }
}

async function client(): Promise<Jetstream> {
  try {
    return await import("@nats-io/jetstream");
  } catch (error) {
    throw new ClusterError("NO_JETSTREAM", `A durable cluster speaks to JetStream through the package @nats-io/jetstream, which cannot be loaded: ${describe(error)}. Install it beside espalier: npm install @nats-io/jetstream.`, { cause: error });
  }
}

/** One that is there already, with settings of whoever runs the servers, is good. */
async function ensure(manager: JetStreamManager, stream: Partial<StreamConfig>): Promise<void> {
  try {
    await manager.streams.add(stream as StreamConfig);
  } catch (error) {
    if (codeOf(error) !== NAME_IN_USE) throw error;
  }
}

class NatsDurable implements Durable {
  readonly #jetstream: Jetstream;
  readonly #manager: JetStreamManager;
  readonly #client: JetStreamClient;
  readonly #subjects: DurableOptions["subjects"];
  readonly #jobs: string;

  constructor(jetstream: Jetstream, manager: JetStreamManager, subjects: DurableOptions["subjects"]) {
    this.#jetstream = jetstream;
    this.#manager = manager;
    this.#client = manager.jetstream();
    this.#subjects = subjects;
    this.#jobs = subjects.kept("JOBS");
  }

  async put(subject: string, data: Uint8Array, id: string): Promise<number> {
    return (await this.#client.publish(subject, data, { msgID: id, timeout: PUT_MS })).seq;
  }

  async isThere(place: number): Promise<boolean> {
    try {
      return (await this.#manager.streams.getMessage(this.#jobs, { seq: place })) !== null;
    } catch (error) {
      if (codeOf(error) === NO_MESSAGE) return false;
      throw error;
    }
  }

  async remove(place: number): Promise<void> {
    // Done by somebody meanwhile, it is gone already.
    await this.#manager.streams.deleteMessage(this.#jobs, place, false).catch(() => {});
  }

  async take(subject: string, hold: number, room: () => number, receive: (job: Job) => void): Promise<Taking> {
    const name = createHash("sha256").update(subject).digest("hex").slice(0, 16);
    const settings = { ack_policy: this.#jetstream.AckPolicy.Explicit, ack_wait: nanos(hold), max_ack_pending: MOST_UNDER_WAY, max_deliver: -1 };
    try {
      await this.#manager.consumers.add(this.#jobs, { ...settings, durable_name: name, filter_subject: subject });
    } catch {
      // It is there with other settings: those of the last who came hold.
      await this.#manager.consumers.update(this.#jobs, name, settings);
    }
    return new Fetching(() => this.#client.consumers.get(this.#jobs, name), room, receive);
  }

  async record(key: string, data: Uint8Array): Promise<boolean> {
    try {
      await this.#client.publish(this.#subjects.done(key), data, { expect: { lastSubjectSequence: 0 }, timeout: PUT_MS });
      return true;
    } catch (error) {
      if (codeOf(error) === NOT_THE_FIRST) return false;
      throw error;
    }
  }

  async recorded(key: string): Promise<Uint8Array | undefined> {
    try {
      return (await this.#manager.streams.getMessage(this.#subjects.kept("DONE"), { last_by_subj: this.#subjects.done(key) }))?.data;
    } catch (error) {
      if (codeOf(error) === NO_MESSAGE) return undefined;
      throw error;
    }
  }

  async bury(subject: string, data: Uint8Array, reason: string): Promise<void> {
    const { headers } = await import("@nats-io/transport-node");
    const about = headers();
    about.set("Espalier-Subject", subject);
    about.set("Espalier-Reason", reason.replace(/[^\x20-\x7e]/g, " "));
    await this.#client.publish(this.#subjects.dead, data, { headers: about, timeout: PUT_MS });
  }
}

/** Asks for as many messages as there is room for, each time there is more. */
class Fetching implements Taking {
  readonly #open: () => Promise<Consumer>;
  readonly #room: () => number;
  readonly #receive: (job: Job) => void;
  readonly #under = new Set<{ close(): Promise<unknown> }>();
  #consumer: Promise<Consumer> | undefined;
  #asked = 0;
  #isOver = false;
  #isDue = false;

  constructor(open: () => Promise<Consumer>, room: () => number, receive: (job: Job) => void) {
    this.#open = open;
    this.#room = room;
    this.#receive = receive;
    this.more();
  }

  /** Once for all that becomes free in a turn. */
  more(): void {
    if (this.#isDue) return;
    this.#isDue = true;
    setImmediate(() => {
      this.#isDue = false;
      const wanted = Math.floor(this.#room()) - this.#asked;
      if (!this.#isOver && wanted > 0) void this.#fetch(wanted);
    });
  }

  async end(): Promise<void> {
    this.#isOver = true;
    await Promise.all([...this.#under].map((messages) => messages.close()));
  }

  async #fetch(count: number): Promise<void> {
    this.#asked += count;
    let left = count;
    try {
      const consumer = await (this.#consumer ??= this.#open());
      const messages = await consumer.fetch({ max_messages: count, expires: FETCH_MS });
      this.#under.add(messages);
      for await (const message of messages) {
        left--;
        this.#asked--;
        this.#receive(jobOf(message));
      }
      this.#under.delete(messages);
    } catch {
      // The servers are between leaders, or not to be reached: tried again, whatever it is.
      this.#consumer = undefined;
      await new Promise((resolve) => setTimeout(resolve, RETRY_MS));
    } finally {
      this.#asked -= left;
      this.more();
    }
  }
}

function jobOf(message: JsMsg): Job {
  return {
    data: message.data,
    attempt: message.info.deliveryCount,
    extend: () => message.working(),
    done: () => message.ack(),
    again: (ms) => message.nak(ms),
  };
}

function codeOf(error: unknown): number | undefined {
  return (error as { code?: number } | undefined)?.code;
}

function nanos(ms: number): number {
  return Math.round(ms * 1e6);
}
