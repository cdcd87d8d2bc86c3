/** What the tests of executors have run. */
import { work } from "espalier/executor";

export const hold = work(import.meta, "hold", (ms: number) => {
  const end = performance.now() + ms;
  while (performance.now() < end);
  return ms;
});
