import { show } from "../scope/visible.ts";
import { requireCapacity } from "./capacity.ts";
import { Hub, type SlowPolicy } from "./hub.ts";
import { openReceiver, type Receiver } from "./receiver.ts";
import { openSender, type Sender } from "./sender.ts";

export interface BroadcastOptions {
  /**
   * What a receiver that has no room for an item does to the others:
   *   - `"wait"` (default): nobody loses anything. `send` waits until all have room, so the slowest one sets the pace.
   *   - `"dropOldest"`: `send` does not wait. The slow one loses its oldest item; `statistics().dropped` counts them.
   *   - `"fail"`: `send` does not wait. The slow one gets what lies in its buffer, and then ClosedError `"BROKEN"`.
   */
  readonly slow?: SlowPolicy | undefined;
  /** For messages, and for what shows who waits for what. */
  readonly name?: string | undefined;
}

/**
 * A broadcast: each receiver sees each item that was sent since its `subscribe()`, all in the same order.
 *
 * Each call of `subscribe` gives a receiver with a buffer of its own for `capacity` items (from 1 on; else a RangeError).
 * It has to be closed, lest it makes the others wait: `using receiver = subscribe()`. Its clones share its items. Items
 * that are sent while nobody has subscribed go nowhere. Once all senders are closed, receivers get what they have left and
 * then end, as those of a channel do, also those that subscribe afterwards.
 *
 * A cancelled `send` has sent to nobody, a cancelled `receive` has taken nothing. Cost of an item: one promise, and one for
 * each receiver.
 *
 * @example
 * ```ts
 * import { taskGroup } from "espalier";
 * import { broadcast } from "espalier/channel";
 *
 * const [sender, subscribe] = broadcast<string>(8, { slow: "dropOldest" });
 * await taskGroup(async (group) => {
 *   for (const name of ["a", "b"]) {
 *     const receiver = subscribe();
 *     group.spawn(async (scope) => {
 *       for await (const news of receiver.items(scope)) console.log(name, news); // "a" "rain", "b" "rain"
 *     });
 *   }
 *   await sender.send("rain", group);
 *   sender.close();
 * });
 * ```
 */
export function broadcast<T>(capacity: number, options?: BroadcastOptions): [sender: Sender<T>, subscribe: () => Receiver<T>] {
  requireCapacity(capacity, "broadcast()", 1);
  const slow = options?.slow ?? "wait";
  if (slow !== "wait" && slow !== "dropOldest" && slow !== "fail") {
    throw new RangeError(`broadcast() takes "wait", "dropOldest" or "fail" as \`slow\`, and got ${JSON.stringify(slow)}.`);
  }
  const hub = new Hub<T>(options?.name ?? "broadcast", capacity, slow);
  if (options?.name !== undefined) show("broadcast", options.name, hub);
  return [openSender(hub), () => openReceiver(hub.subscribe())];
}
