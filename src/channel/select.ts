import { claim } from "../lowlevel.ts";
import { MisuseError } from "../errors/misuse.ts";
import type { Cancellable } from "../task/capabilities.ts";
import { endOf, Receiver } from "./receiver.ts";
import { ReceiveCase, type SelectCase, Selection, SendCase } from "./selection.ts";
import type { Sender } from "./sender.ts";

/** A send that `select` may take: see {@link sending}. */
export interface Sending {
  /** Tells it from a receiver. */
  readonly kind: "send";
}

/** What `select` takes: a receiver, to receive from it, or what `sending` gives. */
export type Selectable = Receiver<unknown> | Sending;

/** What one case gives, at its place in the list. */
export type Taken<C, I extends number> =
  C extends Receiver<infer T>
    ? { readonly index: I; readonly done: false; readonly value: T } | { readonly index: I; readonly done: true; readonly value: undefined }
    : { readonly index: I; readonly done: false; readonly value: undefined };

/** What `select` gives: which case it was, and the item, if one was received. */
export type Selected<C extends readonly Selectable[]> = number extends C["length"]
  ? Taken<C[number], number>
  : { [K in keyof C]: K extends `${infer I extends number}` ? Taken<C[K], I> : never }[number];

/** Of the cases that users hold, those of `sending`. */
const sends = new WeakMap<Sending, SendCase<unknown>>();

/**
 * One send among the cases of a `select`.
 *
 * It is no promise, and sends nothing by itself. It may be used again.
 *
 * @example
 * ```ts
 * import { taskGroup } from "espalier";
 * import { channel, select, sending } from "espalier/channel";
 *
 * const [sender, receiver] = channel<string>(1);
 * await taskGroup((group) => select([sending(sender, "item")], group));
 * console.log(receiver.tryReceive()); // { value: "item" }
 * ```
 */
export function sending<T>(sender: Sender<T>, item: T): Sending {
  const one: Sending = { kind: "send" };
  sends.set(one, new SendCase(sender, item) as SendCase<unknown>);
  return one;
}

/**
 * Waits for several receives and sends, and takes exactly one of them: the others have not happened.
 *
 * Of those that are possible at once, the first in the list is taken: the order is a priority. (For turns, rotate the list.)
 * Else it is whichever becomes possible first, and each channel serves it in its place among those who wait there.
 *
 * Gives the `index` of the case, and the `value` that was received; `done` is true if that channel has ended, which counts
 * as something to receive. Fails as `receive` and `send` do where an end is closed or the other side is gone, as soon as
 * its turn comes; without a case it is a MisuseError `"EMPTY"`. Cancelled, none was taken; one that was taken before is
 * given (G8). Cost: one promise, and one object for each case.
 *
 * @example
 * ```ts
 * import { taskGroup } from "espalier";
 * import { channel, select, sending } from "espalier/channel";
 *
 * const [orders, kitchen] = channel<string>(1);
 * const [bell, waiter] = channel<number>(0);
 * orders.trySend("soup");
 *
 * await taskGroup(async (group) => {
 *   const taken = await select([waiter, kitchen, sending(bell, 1)], group);
 *   if (taken.index === 1 && !taken.done) console.log(taken.value.toUpperCase()); // "SOUP"
 * });
 * ```
 */
export function select<const C extends readonly Selectable[]>(cases: C, scope: Cancellable): Promise<Selected<C>> {
  if (!Array.isArray(cases)) return Promise.reject(new TypeError(`select() takes a list of cases, [receiver, sending(sender, item)], and got ${String(cases)}.`));
  const list: SelectCase[] = [];
  for (const one of cases) {
    const found = one instanceof Receiver ? new ReceiveCase(endOf(one)) : sends.get(one);
    if (found === undefined) {
      return Promise.reject(new TypeError(`select() takes receivers, and what sending(sender, item) gives; at ${list.length} it got ${String(one)}.`));
    }
    list.push(found);
  }
  if (list.length === 0) {
    return Promise.reject(new MisuseError("EMPTY", "select() got no case, so it would wait for ever. Leave it out, or sleepForever(scope)."));
  }
  return claim(scope, "select", new Selection(list)) as Promise<Selected<C>>;
}
