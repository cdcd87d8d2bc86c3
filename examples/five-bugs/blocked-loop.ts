/** Bug 2: a computation keeps the event loop from everybody else. Run with ESPALIER_DEBUG=1. */
import { sleep, taskGroup } from "espalier";

function fibonacci(n: number): number {
  return n < 2 ? n : fibonacci(n - 1) + fibonacci(n - 2);
}

await taskGroup(
  async (group) => {
    group.spawn((scope) => sleep(5, scope), { name: "heartbeat" });
    group.spawn(() => console.log(fibonacci(41)), { name: "report" });
  },
  { name: "service" },
);
