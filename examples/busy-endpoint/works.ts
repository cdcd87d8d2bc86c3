/** What runs in threads: the heavy part of the server, and the clients that measure it. */
import { sleep } from "espalier";
import { work } from "espalier/threads";

/** Tens of milliseconds of pure computing. It looks whether anybody still wants to know. */
export const countPrimes = work(import.meta, "countPrimes", (below: number, scope) => {
  let primes = 0;
  for (let n = 2; n < below; n++) {
    if (n % 1_000 === 0) scope.throwIfCancelled();
    let divisor = 2;
    while (divisor * divisor <= n && n % divisor !== 0) divisor++;
    if (divisor * divisor > n) primes++;
  }
  return primes;
});

/** Asks for `/light` every ten milliseconds, while others ask for `/heavy` without a pause, and gives how long each light one took, in ms. */
export const measure = work(import.meta, "measure", ({ origin, requests }: { origin: string; requests: number }, scope) =>
  scope.group(async (group) => {
    for (let client = 0; client < 2; client++) {
      group.spawn(
        async (own) => {
          for (;;) await (await fetch(`${origin}/heavy`, own)).text();
        },
        { daemon: true },
      );
    }
    const took: number[] = [];
    for (let n = 0; n < requests; n++) {
      group.spawn(async (own) => {
        const began = performance.now();
        await (await fetch(`${origin}/light`, own)).text();
        took.push(performance.now() - began);
      });
      await sleep(10, group);
    }
    return took;
  }),
);
