/** What workers run: they need this module, and nothing else of the program. */
import { work } from "espalier/cluster";

export const countPrimes = work(import.meta, "countPrimes", ({ from, to }: { readonly from: number; readonly to: number }, scope) => {
  let primes = 0;
  for (let n = Math.max(2, from); n < to; n++) {
    if (n % 1_000 === 0) scope.throwIfCancelled(); // felt in a busy loop, on another machine, too
    let divisor = 2;
    while (divisor * divisor <= n && n % divisor !== 0) divisor++;
    if (divisor * divisor > n) primes++;
  }
  return primes;
});
