/** The library for callers who use RxJS: one price, or all of them as they come. In a group, that waits for the cleanup. */
import type { Observable } from "rxjs";
import { asObservable, itemsAsObservable, type ObservableOptions } from "espalier/rxjs";
import { bestQuote as best, type Quote, quotes as all, type Shop } from "./quotes.ts";

export const bestQuote = (item: string, shops: readonly Shop[], options?: ObservableOptions): Observable<Quote> =>
  asObservable((scope) => best(item, shops, scope), options);

export const quotes = (item: string, shops: readonly Shop[], options?: ObservableOptions): Observable<Quote> =>
  itemsAsObservable((scope) => all(item, shops, scope), options);
