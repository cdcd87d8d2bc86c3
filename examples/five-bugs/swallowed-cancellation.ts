/** Bug 4: a catch for everything takes a cancellation for a failed attempt. Run with ESPALIER_DEBUG=1. */
import { type Scope, sleep, taskGroup } from "espalier";

async function poll(scope: Scope): Promise<void> {
  for (let attempt = 0; attempt < 3; attempt++) {
    try {
      await sleep(1_000, scope);
    } catch {
      console.log("failed, once more");
    }
  }
}

await taskGroup(
  async (group) => {
    group.spawn(poll);
    await sleep(10, group);
    group.cancel("shutting down");
  },
  { name: "monitor" },
);
