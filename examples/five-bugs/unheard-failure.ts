/** Bug 3, in a group that isolates its tasks: onError counts the failures, and nobody ever reads one. Run with ESPALIER_DEBUG=1. */
import { taskGroup } from "espalier";

let failed = 0;

async function ship(order: number): Promise<void> {
  if (order === 17) throw new Error("no such address");
}

await taskGroup((group) => [16, 17, 18].forEach((order) => void group.spawn(() => ship(order), { name: `ship ${order}` })), {
  name: "shop",
  onError: () => void failed++,
});
console.log(`${failed} failed`);
