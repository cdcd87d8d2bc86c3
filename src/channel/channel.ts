import { show } from "../scope/visible.ts";
import { requireCapacity } from "./capacity.ts";
import { Exchange } from "./exchange.ts";
import { openReceiver, type Receiver } from "./receiver.ts";
import { openSender, type Sender } from "./sender.ts";

export interface ChannelOptions {
  /** For messages, and for what shows who waits for what. A channel with a name is among those that `espalier inspect` shows. */
  readonly name?: string | undefined;
}

/**
 * A channel: what is sent at one end comes out at the other, each item once, in order.
 *
 * `capacity` is how many items may lie in between: with 0 sender and receiver meet, with Infinity nobody waits to send.
 * A full channel makes its senders wait, an empty one its receivers; both in the order of coming, and an item that is sent
 * goes to who has waited for longest, in that very call. Anything else is a RangeError.
 *
 * A cancelled `send` has sent nothing, a cancelled `receive` has taken nothing. An item that was handed over stays so (G8).
 * Cost of an item: two promises.
 *
 * @example
 * ```ts
 * import { taskGroup } from "espalier";
 * import { channel } from "espalier/channel";
 *
 * const [sender, receiver] = channel<number>(2);
 * await taskGroup(async (group) => {
 *   group.spawn(async (scope) => {
 *     for (let number = 1; number <= 3; number++) await sender.send(number, scope);
 *     sender.close();
 *   });
 *   for await (const number of receiver.items(group)) console.log(number); // 1, 2, 3
 * });
 * ```
 */
export function channel<T>(capacity: number, options?: ChannelOptions): [sender: Sender<T>, receiver: Receiver<T>] {
  requireCapacity(capacity, "channel()");
  const exchange = new Exchange<T>(options?.name ?? "channel", capacity);
  if (options?.name !== undefined) show("channel", options.name, exchange);
  return [openSender(exchange), openReceiver(exchange)];
}
