/** Bug 1: an await is missing, so the record is announced before it is saved. Run with ESPALIER_DEBUG=1. */
import { type Scope, sleep, taskGroup } from "espalier";

async function save(record: string, scope: Scope): Promise<void> {
  void sleep(20, scope); // stands for a write: nobody waits for it
  console.log(`saved ${record}`);
}

await taskGroup((group) => void group.spawn((scope) => save("order 17", scope), { name: "save" }), { name: "shop" });
