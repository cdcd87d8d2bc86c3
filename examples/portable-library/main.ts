/** Four callers of one library. */
import { Effect } from "effect";
import { run } from "effection";
import { lastValueFrom, toArray } from "rxjs";
import { bestQuote } from "./quotes.ts";
import { bestQuote as bestQuoteEffect } from "./quotes-effect.ts";
import { bestQuote as bestQuoteOperation } from "./quotes-effection.ts";
import { bestQuote as bestQuote$, quotes as quotes$ } from "./quotes-rxjs.ts";
import { PretendedShop } from "./shops.ts";

const shops = [new PretendedShop("corner", { pear: 3, plum: 5 }, 1), new PretendedShop("market", { pear: 2 }, 5), new PretendedShop("mill", {}, 3)];

const plain = await bestQuote("pear", shops, { signal: AbortSignal.timeout(5_000) });
console.log(`AbortSignal  ${plain.price} at the ${plain.shop}`);

const cheapest = bestQuoteEffect("fig", shops).pipe(
  Effect.timeout("5 seconds"),
  Effect.catchTag("NoQuote", (error) => Effect.succeed(`${error.message}, said ${error.errors.length} shops`)),
);
console.log(`Effect       ${String(await Effect.runPromise(cheapest))}`);

const operated = await run(function* () {
  const quote = yield* bestQuoteOperation("plum", shops);
  return `${quote.price} at the ${quote.shop}`;
});
console.log(`Effection    ${operated}`);

const observed = await lastValueFrom(bestQuote$("pear", shops));
const all = await lastValueFrom(quotes$("pear", shops.slice(0, 2)).pipe(toArray()));
console.log(`RxJS         ${observed.price} of ${all.map((quote) => quote.price).join(", ")}`);

console.log(`open         ${shops.reduce((sum, shop) => sum + shop.open, 0)} connections`);
