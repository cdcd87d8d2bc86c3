/** Bug 5: a permit is held for the whole of a transfer, and one for each of its halves, and there is only one. Run with ESPALIER_DEBUG=1. */
import { type Scope, taskGroup } from "espalier";
import { Semaphore } from "espalier/sync";

const writes = new Semaphore(1, { name: "writes" });

const book = (amount: number, scope: Scope) => writes.use(() => console.log(`booked ${amount}`), scope);

const transfer = (scope: Scope) =>
  writes.use(async () => {
    await book(-5, scope);
    await book(5, scope);
  }, scope);

await taskGroup((group) => group.moveOnAfter(50, transfer), { name: "bank" });
