/** What works ask of callers elsewhere: the question goes out, the answer comes in, and nobody here understands either. */
import type { CancelScope } from "../../../task/capabilities.ts";
import { findNode } from "../../../task/face.ts";
import { ClusterError } from "../../cluster-error.ts";
import { checkEncoded } from "../../wire/check-encoded.ts";
import { serialize } from "../../processes/codec.ts";
import { PassingFailure } from "../../wire/passing.ts";
import { notCloneable } from "../../wire/uncloneable.ts";
import { renamed } from "../renamed.ts";
import type { Settings } from "../settings.ts";
import type { Transport } from "../transport.ts";
import { Unreadable } from "../wire/frame.ts";
import { write } from "../wire/messages.ts";
import type { Guest } from "./guest.ts";
import type { Visit } from "./visit.ts";

interface Open {
  readonly guest: Guest;
  /** As it went out, and goes out again until it is answered. */
  readonly message: Uint8Array;
  isDropped: boolean;
  readonly resolve: (value: unknown) => void;
  readonly reject: (error: unknown) => void;
}

export class Relay {
  readonly #settings: Settings;
  readonly #transport: Transport;
  readonly #open = new Map<number, Open>();
  #last = 0;

  constructor(settings: Settings, transport: Transport) {
    this.#settings = settings;
    this.#transport = transport;
  }

  /** For the pool that runs `visit`. */
  ask(guest: Guest, visit: Visit, offerId: string, input: unknown, scope: CancelScope): Promise<unknown> {
    const { id, names, subjects } = this.#settings;
    const to = subjects.to(guest.id);
    const request = ++this.#last;
    const at = offerId.lastIndexOf("#");
    const name = offerId.slice(at + 1);
    return new Promise((resolve, reject) => {
      let message: Uint8Array;
      try {
        message = write(["request", id, visit.id, request, `${names.nameOf(offerId.slice(0, at))}#${name}`, input, false]);
      } catch (error) {
        return reject(notCloneable(input, "input", name, error, serialize));
      }
      if (message.byteLength > this.#transport.maxPayload) return reject(tooLarge(`The input of "${name}"`, message.byteLength, this.#transport));
      const open: Open = { guest, message, isDropped: false, resolve, reject };
      this.#open.set(request, open);
      this.#transport.publish(to, message);
      const drop = (): void => {
        open.isDropped = true;
        if (this.#open.has(request)) this.#drop(guest, request);
      };
      // Its thread is gone: nobody waits for the answer, which comes when it comes.
      (findNode(scope)!.rare ??= {}).onDisowned = () => {
        drop();
        resolve(undefined);
      };
      scope.onCancel(() => {
        // Of the cancellation of the call its caller knows.
        if (visit.cause === undefined) drop();
      });
    });
  }

  /** Throws Unreadable. */
  answered(caller: string, request: number, succeeded: boolean, value: unknown): void {
    const open = this.#open.get(request);
    if (open?.guest.id !== caller) return;
    if (succeeded) open.resolve(value);
    else {
      try {
        checkEncoded(value);
      } catch (error) {
        throw new Unreadable("malformed", "what a callback threw is no failure", { cause: error });
      }
      open.reject(new PassingFailure(renamed(value, (module) => this.#settings.names.urlOf(module))));
    }
    this.#open.delete(request);
  }

  /** What he has not answered is asked again: the question may have been lost, or the answer. */
  beats(guest: Guest): void {
    for (const [request, { guest: asked, message, isDropped }] of this.#open) {
      if (asked !== guest) continue;
      this.#transport.publish(this.#settings.subjects.to(guest.id), message);
      if (isDropped) this.#drop(guest, request);
    }
  }

  #drop(guest: Guest, request: number): void {
    const { id, subjects } = this.#settings;
    this.#transport.publish(subjects.to(guest.id), write(["drop", id, request]));
  }

  /** He is gone: nobody answers. */
  forget(guest: Guest): void {
    for (const [request, open] of this.#open) {
      if (open.guest !== guest) continue;
      this.#open.delete(request);
      open.reject(new ClusterError("NOT_CONNECTED", "The caller of this work has not been heard of for its lease, and answers nothing any more."));
    }
  }
}

export function tooLarge(what: string, bytes: number, { maxPayload }: Transport): ClusterError {
  return new ClusterError("TOO_LARGE", `${what} takes ${bytes} bytes, and a message of this NATS carries ${maxPayload}. Raise max_payload of the servers, or send a path or a part.`);
}
