/** What the lines run in threads and processes. */
import { callback, work } from "espalier/threads";

export const double = work(import.meta, "double", (n: number) => 2 * n);

export const price = callback<string, number>(import.meta, "price");
export const ask = work(import.meta, "ask", (item: string, scope) => `${item} costs ${scope.caller.callBlocking(price, item)}`);
