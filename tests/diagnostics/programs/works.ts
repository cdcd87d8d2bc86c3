import { sleep } from "espalier";
import { work } from "espalier/executor";

export const count = work(import.meta, "count", async (to: number, scope) => {
  await sleep(1, scope);
  return to;
});
