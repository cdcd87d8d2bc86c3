/** Bug 1, of a plain async function: its await is missing, and no operation of the library tells. Run with ESPALIER_DEBUG=deep. */
import { taskGroup } from "espalier";

async function save(record: string): Promise<void> {
  await new Promise((resolve) => setTimeout(resolve, 20)); // stands for a write
  console.log(`saved ${record}`);
}

async function order(): Promise<void> {
  save("order 17");
  console.log("thank you");
}

await taskGroup((group) => void group.spawn(order), { name: "shop" });
