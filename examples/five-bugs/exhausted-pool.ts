/** Bug 5: who has the last connection waits for another one. Run with ESPALIER_DEBUG=1. */
import { leaves, taskGroup } from "espalier";
import { PoolExhaustedError, ResourcePool } from "espalier/sync";

await taskGroup(async (group) => {
  const pool = new ResourcePool(group, { create: () => "connection", max: 1, acquireTimeout: 50, name: "database" });
  const transfer = group.spawn((scope) => pool.use(() => pool.use(() => "done", scope), scope), { name: "transfer" });
  await transfer.join(group);
}).catch((error: unknown) => {
  for (const failure of leaves(error)) if (failure instanceof PoolExhaustedError) console.log(failure.code);
});
