/** A program that holds all of a pool and asks for more, and prints the error. */
import { leaves, taskGroup } from "espalier";
import { PoolExhaustedError, ResourcePool } from "espalier/sync";
import { testClock } from "espalier/testing";

const failed = taskGroup(async (group) => {
  const pool = new ResourcePool(group, { create: () => "connection", name: "db", max: 2, acquireTimeout: 10 });
  const acquired = group.spawn((scope) => pool.acquire(scope), { name: "report" });
  const lease = await acquired.join(group);
  const ask = pool.use(() => group.spawn((scope) => pool.acquire(scope), { name: "applicant" }).join(group), group);
  await ask.finally(() => lease.release());
}, { clock: testClock() });

await failed.catch((error: unknown) => {
  const [exhausted] = leaves(error);
  if (!(exhausted instanceof PoolExhaustedError)) throw error;
  const { message, holders } = exhausted;
  console.log(JSON.stringify({ message, holders }));
});
