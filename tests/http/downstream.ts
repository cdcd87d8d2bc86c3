/** The service that a handler calls: it counts what it is asked, and what was given up. */
import type { IncomingHttpHeaders } from "node:http";
import { gate, type Gate } from "../conformance/case.ts";
import { withLoopback } from "../platform/loopback.ts";

export interface Downstream {
  readonly url: string;
  /** Opened by the next request that comes. */
  readonly asked: Gate<IncomingHttpHeaders>;
  /** Opened when a request is given up by its client. */
  readonly givenUp: Gate<void>;
  readonly counts: { asked: number; answered: number; givenUp: number };
  /** Answers what waits, and all that come later. */
  answer(text: string): void;
}

export function withDownstream<T>(use: (downstream: Downstream) => Promise<T>): Promise<T> {
  const asked = gate<IncomingHttpHeaders>();
  const givenUp = gate();
  const reply = gate<string>();
  const counts = { asked: 0, answered: 0, givenUp: 0 };
  return withLoopback(
    (request, response) => {
      counts.asked++;
      response.on("close", () => {
        if (response.writableFinished) return void counts.answered++;
        counts.givenUp++;
        givenUp.open();
      });
      asked.open(request.headers);
      void reply.promise.then((text) => response.end(text));
    },
    (url) => use({ url, asked, givenUp, counts, answer: reply.open }),
  );
}
