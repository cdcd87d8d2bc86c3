/**
 * What happens, on channels of the runtime's `diagnostics_channel`: for monitoring that knows of espalier, and programs that are monitored without knowing.
 *
 * Invariants
 *   1. A probe is attached while one of the channels has a subscriber or a bound store, and only then.
 *   2. One object stands for a scope or task in all that is published of it. Its start is published before anything else of it.
 *   3. Of each start there is an end.
 */
import { type Channel, channel } from "node:diagnostics_channel";
import { attachProbe } from "../lowlevel.ts";
import { type Channels, publisher } from "./publisher.ts";

/** The runtime forgets a channel to which nobody subscribes and which nobody has: who subscribes later would get one that does not tell us. */
const kept: Channel[] = [];

/** Makes the channels, and publishes on them while anybody subscribes. */
export function offerChannels(): void {
  const channels: Channels = {
    taskStart: channel("espalier:task:start"),
    taskEnd: channel("espalier:task:end"),
    scopeStart: channel("espalier:scope:start"),
    scopeEnd: channel("espalier:scope:end"),
    cancel: channel("espalier:cancel"),
    waitStart: channel("espalier:wait:start"),
    waitEnd: channel("espalier:wait:end"),
  };
  const all: Channel[] = Object.values(channels);
  kept.push(...all);
  let attached: Disposable | undefined;
  const look = (): void => {
    const isAsked = all.some(({ hasSubscribers }) => hasSubscribers);
    if (isAsked) {
      attached ??= attachProbe(publisher(channels));
    } else {
      attached?.[Symbol.dispose]();
      attached = undefined;
    }
  };
  for (const one of all) afterChanges(one, look);
  look();
}

/** The runtimes tell nobody that somebody subscribes. A look at each fact instead would cost everybody what it is to save: so our own channels say it. */
function afterChanges(channel: Channel, changed: () => void): void {
  for (const name of ["subscribe", "unsubscribe", "bindStore", "unbindStore"] as const) {
    // That of another copy of the library, which looks as well.
    const own = Object.getOwnPropertyDescriptor(channel, name)?.value as ((...args: unknown[]) => unknown) | undefined;
    Object.defineProperty(channel, name, {
      configurable: true,
      writable: true,
      value(this: Channel, ...args: unknown[]): unknown {
        // A channel that is subscribed to has another prototype.
        const change = own ?? (Object.getPrototypeOf(this) as Record<typeof name, (...args: unknown[]) => unknown>)[name];
        const answer = Reflect.apply(change, this, args);
        changed();
        return answer;
      },
    });
  }
}
