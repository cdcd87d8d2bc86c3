/** The library for callers who use Effection. */
import type { Operation } from "effection";
import { asOperation } from "espalier/effection";
import { bestQuote as best, type Quote, type Shop } from "./quotes.ts";

export const bestQuote = (item: string, shops: readonly Shop[]): Operation<Quote> => asOperation((scope) => best(item, shops, scope));
