/** One library, four kinds of callers, one suite: each of them gets the same prices, errors and cleanup. */
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { join } from "node:path";
import { describe, test } from "node:test";
import { promisify } from "node:util";
import { Effect, Fiber } from "effect";
import { race, run, sleep as pause } from "effection";
import { firstValueFrom, timeout } from "rxjs";
import { type Scope, taskGroup } from "espalier";
import { Event } from "espalier/sync";
import { NoQuote, type Quote, type Shop, bestQuote } from "../../examples/portable-library/quotes.ts";
import { bestQuote as bestQuoteEffect } from "../../examples/portable-library/quotes-effect.ts";
import { bestQuote as bestQuoteOperation } from "../../examples/portable-library/quotes-effection.ts";
import { bestQuote as bestQuote$ } from "../../examples/portable-library/quotes-rxjs.ts";

interface Caller {
  readonly name: string;
  ask(item: string, shops: readonly Shop[]): Promise<Quote>;
  /** Asks, and loses interest when `enough` resolves. Settles when all is over. */
  askUntil(enough: Promise<void>, item: string, shops: readonly Shop[]): Promise<unknown>;
  /** Asks, for a millisecond. Settles when all is over. */
  askShortly(item: string, shops: readonly Shop[]): Promise<unknown>;
}

const callers: readonly Caller[] = [
  {
    name: "AbortSignal",
    ask: (item, shops) => bestQuote(item, shops, new AbortController()),
    askUntil(enough, item, shops) {
      const controller = new AbortController();
      void enough.then(() => controller.abort());
      return bestQuote(item, shops, controller).catch(() => {});
    },
    askShortly: (item, shops) => bestQuote(item, shops, { signal: AbortSignal.timeout(1) }).catch(() => {}),
  },
  {
    name: "Effect",
    ask: (item, shops) => Effect.runPromise(bestQuoteEffect(item, shops)),
    async askUntil(enough, item, shops) {
      const fiber = Effect.runFork(bestQuoteEffect(item, shops));
      await enough;
      await Effect.runPromise(Fiber.interrupt(fiber));
    },
    askShortly: (item, shops) => Effect.runPromiseExit(bestQuoteEffect(item, shops).pipe(Effect.timeout("1 millis"))),
  },
  {
    name: "Effection",
    ask: (item, shops) => run(() => bestQuoteOperation(item, shops)),
    async askUntil(enough, item, shops) {
      const task = run(() => bestQuoteOperation(item, shops));
      await enough;
      await task.halt();
    },
    askShortly: (item, shops) => run(() => race([bestQuoteOperation(item, shops), pause(1)])),
  },
  {
    name: "RxJS",
    ask: (item, shops) => firstValueFrom(bestQuote$(item, shops)),
    askUntil: (enough, item, shops) =>
      taskGroup(async (group) => {
        const subscription = bestQuote$(item, shops, { group }).subscribe({ error: () => {} });
        await enough;
        subscription.unsubscribe();
      }),
    askShortly: (item, shops) =>
      taskGroup(async (group) => {
        await firstValueFrom(bestQuote$(item, shops, { group }).pipe(timeout(1))).catch(() => {});
      }),
  },
];

/** A shop that answers at once, or never, and writes down what is done to it. */
class ObservedShop implements Shop {
  readonly name: string;
  readonly asked = new Event();
  readonly #answer: number | Error | undefined;
  readonly #log: string[];

  constructor(name: string, answer: number | Error | undefined, log: string[]) {
    this.name = name;
    this.#answer = answer;
    this.#log = log;
  }

  async connect(): Promise<{ price(item: string, scope: Scope): Promise<number>; close(): Promise<void> }> {
    return { price: (_, scope) => this.#price(scope), close: () => this.#close() };
  }

  async #price(scope: Scope): Promise<number> {
    this.asked.set();
    if (this.#answer === undefined) await new Event().wait(scope);
    if (typeof this.#answer === "number") return this.#answer;
    throw this.#answer;
  }

  async #close(): Promise<void> {
    await new Promise((resolve) => setImmediate(resolve));
    this.#log.push(`${this.name} closed`);
  }
}

for (const caller of callers) {
  describe(`the portable library, called by ${caller.name}`, () => {
    test("gives the lowest price, and has closed its connections by then", async () => {
      const log: string[] = [];
      const shops = [new ObservedShop("a", 3, log), new ObservedShop("b", 2, log), new ObservedShop("c", new Error("sold out"), log)];
      assert.deepEqual(await caller.ask("pear", shops), { shop: "b", price: 2 });
      assert.deepEqual(log, ["a closed", "b closed", "c closed"]);
    });

    test("fails with an error of its own that says why, shop by shop", async () => {
      const errors = [new Error("sold out"), new Error("closed on Sundays")];
      const asked = caller.ask("pear", errors.map((error, place) => new ObservedShop(String(place), error, [])));
      await assert.rejects(asked, (error) => error instanceof NoQuote && assert.deepEqual(error.errors, errors) === undefined);
    });

    test("closes its connections when the caller has lost interest, who can wait for that", async () => {
      const log: string[] = [];
      const shops = [new ObservedShop("a", 3, log), new ObservedShop("b", undefined, log)];
      const enough = taskGroup((group) => group.map(shops, (shop, scope) => shop.asked.wait(scope))).then(() => {});
      await caller.askUntil(enough, "pear", shops);
      assert.deepEqual(log.toSorted(), ["a closed", "b closed"]);
    });

    test("closes its connections when the caller's time is up, before the caller goes on", async () => {
      const log: string[] = [];
      await caller.askShortly("pear", [new ObservedShop("a", undefined, log)]);
      assert.deepEqual(log, ["a closed"]);
    });
  });
}

test("the example of the portable library prints what its four callers get", async () => {
  const main = join(import.meta.dirname, "..", "..", "examples", "portable-library", "main.ts");
  const { stdout, stderr } = await promisify(execFile)(process.execPath, ["--conditions=espalier:source", main]);
  assert.equal(stderr, "");
  assert.deepEqual(stdout.trimEnd().split("\n"), [
    "AbortSignal  2 at the market",
    "Effect       no shop has a price for fig, said 3 shops",
    "Effection    5 at the corner",
    "RxJS         2 of 3, 2",
    "open         0 connections",
  ]);
});
