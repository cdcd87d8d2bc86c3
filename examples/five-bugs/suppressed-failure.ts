/** Bug 3, of two failures at once: the first is logged, and nobody asks what else failed. Run with ESPALIER_DEBUG=1. */
import { all } from "espalier";

const query = async (table: string): Promise<never> => {
  throw new Error(`${table} is locked`);
};

await all([() => query("orders"), () => query("customers")], { name: "report" }).catch((error: unknown) => console.log(String(error)));
