/** A program that is monitored: by whoever subscribed before the library was there, and later on. */
import { AsyncLocalStorage } from "node:async_hooks";
import { channel, subscribe, unsubscribe } from "node:diagnostics_channel";

interface Published {
  readonly name: string;
  readonly status: string | undefined;
}

const storage = new AsyncLocalStorage<string>();
const onEnd = (message: unknown): void => console.log("end", (message as Published).name, (message as Published).status);

subscribe("espalier:task:end", onEnd);
const { sleep, taskGroup } = await import("espalier");

const program = (): Promise<void> =>
  taskGroup(async (group) => {
    const work = async (name: string): Promise<void> => {
      await sleep(1, group);
      console.log(name, "sees", storage.getStore());
    };
    await group.spawn(() => work("one"), { name: "one" }).join();
    await group.spawn(() => work("two"), { name: "two" }).join();
  });

await program();
unsubscribe("espalier:task:end", onEnd);
channel("espalier:task:start").bindStore(storage, (message) => `the store of ${(message as Published).name}`);
await program();
