/** The library for callers who use Effect: what it expects to go wrong is typed, all else is a defect. */
import type { Effect } from "effect";
import { TimeoutError } from "espalier";
import { asEffect } from "espalier/effect";
import { bestQuote as best, NoQuote, type Quote, type Shop } from "./quotes.ts";

export const bestQuote = (item: string, shops: readonly Shop[]): Effect.Effect<Quote, NoQuote | TimeoutError> =>
  asEffect((scope) => best(item, shops, scope), {
    catch(error) {
      if (error instanceof NoQuote || error instanceof TimeoutError) return error;
      throw error;
    },
  });
