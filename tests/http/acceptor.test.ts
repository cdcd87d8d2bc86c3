/** A server of node:http at its end, beyond what the frameworks share: routes of nobody's, upgraded connections, half-sent answers. */
import assert from "node:assert/strict";
import { createServer, type RequestListener, type Server } from "node:http";
import { describe, test } from "node:test";
import express from "express";
import { type CancelScope, moveOnAfter, type Scope } from "espalier";
import { expressHandler, HttpService, nodeHandler, nodeServer } from "espalier/http";
import { gate, thrownBy } from "../conformance/case.ts";
import { connection, GET } from "./connection.ts";
import { listen } from "./frameworks.ts";

interface Trial {
  readonly origin: string;
  readonly server: Server;
  stop(): void;
  readonly ended: Promise<void>;
}

async function serving(service: HttpService, listener: RequestListener, body: (trial: Trial) => Promise<void>): Promise<void> {
  const server = createServer(listener);
  const acceptor = nodeServer(server, { linger: 50 });
  const origin = await listen(server);
  let stop!: () => void;
  const ended = moveOnAfter(Infinity, async (scope: CancelScope) => {
    stop = () => scope.cancel();
    await service.serve(acceptor, scope);
  });
  try {
    await body({ origin, server, stop, ended });
  } finally {
    stop();
    await ended;
  }
}

const untilRefused = async (server: Server): Promise<void> => {
  while (server.listening) await new Promise((resolve) => setImmediate(resolve));
};

describe("the end of a server of node:http", () => {
  test("waits for a route that the service does not handle, whose answers close their connections too", async () => {
    const begun = gate();
    const answer = gate();
    const listener: RequestListener = (request, response) => {
      if (request.url === "/quick") return void response.end("quick");
      begun.open();
      void answer.promise.then(() => response.end("in its own time"));
    };
    await serving(new HttpService({ drain: 60_000 }), listener, async ({ origin, server, stop, ended }) => {
      const [held, idle] = [await connection(origin), await connection(origin)];
      held.send(GET("/"));
      idle.send(GET("/quick"));
      await begun.promise;
      await idle.read(/quick$/);
      stop();
      await untilRefused(server);
      idle.send(GET("/quick"));
      assert.match(await idle.read(/quick[^]*quick$/), /connection: close/i);
      answer.open();
      await held.read(/in its own time/);
      await ended;
    });
  });

  test("cuts connections that were upgraded and that nobody ended", async () => {
    const upgraded = gate();
    await serving(new HttpService({ drain: 10, close: 10 }), () => {}, async ({ origin, server, stop, ended }) => {
      server.on("upgrade", (_request, socket) => {
        socket.on("error", () => {});
        socket.write("HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: echo\r\n\r\n");
        upgraded.open();
      });
      const client = await connection(origin);
      client.send("GET / HTTP/1.1\r\nHost: localhost\r\nConnection: Upgrade\r\nUpgrade: echo\r\n\r\n");
      await upgraded.promise;
      await client.read(/101/);
      stop();
      await ended;
      await client.over;
    });
  });
});

describe("an answer that was begun", () => {
  for (const [end, options] of Object.entries({ "the deadline": { deadline: 20 }, "the end of the service": { drain: 20 } })) {
    test(`is cut by ${end}: no client takes it for whole`, async () => {
      const service = new HttpService(options);
      const begun = gate();
      const handler = nodeHandler(service, async (_request, response, group) => {
        response.write("the beginning");
        begun.open();
        await group.wait(new Promise(() => {}));
      });
      await serving(service, handler, async ({ origin, stop }) => {
        const response = await fetch(origin);
        await begun.promise;
        if ("drain" in options) stop();
        await thrownBy(response.text());
      });
    });
  }

  test("by a handler that then fails is cut as well, and the failure told", async () => {
    const E = new Error("E");
    const failures: unknown[] = [];
    const service = new HttpService();
    const handler = nodeHandler(
      service,
      async (_request, response) => {
        response.write("the beginning");
        throw E;
      },
      { onError: (error) => failures.push(error) },
    );
    await serving(service, handler, async ({ origin }) => {
      const response = await fetch(origin);
      await thrownBy(response.text());
      assert.deepEqual(failures, [E]);
    });
  });

  test("by an onError that throws does not leave the client without an answer", async () => {
    const service = new HttpService();
    const refusing = nodeHandler(service, () => {
      throw new Error("E");
    }, { onError: (error) => {
      throw error;
    } });
    const handler: typeof refusing = (request, response) => {
      assert.throws(() => refusing(request, response), /E/);
    };
    await serving(service, handler, async ({ origin }) => assert.equal((await fetch(origin)).status, 500));
  });
});

describe("a handler that catches its cancellation, and answers nothing", () => {
  const swallows = async (_request: unknown, _response: unknown, group: Scope): Promise<void> => {
    await group.wait(new Promise(() => {})).catch(() => {});
  };
  const kinds: Readonly<Record<string, (service: HttpService) => RequestListener>> = {
    "node:http": (service) => nodeHandler(service, swallows),
    Express: (service) => express().set("env", "test").get("/", expressHandler(service, swallows)),
  };
  for (const [name, listener] of Object.entries(kinds)) {
    for (const [end, options, status] of [["the deadline", { deadline: 5 }, 504], ["the end of the service", { drain: 5 }, 503]] as const) {
      test(`on ${name}: its client is told of ${end} all the same`, async () => {
        const service = new HttpService(options);
        await serving(service, listener(service), async ({ origin, stop }) => {
          const answer = fetch(origin);
          if ("drain" in options) {
            while (service.statistics().running === 0) await new Promise((resolve) => setImmediate(resolve));
            stop();
          }
          assert.equal((await answer).status, status);
        });
      });
    }
  }

  test("but that has answered by itself has the last word", async () => {
    const service = new HttpService({ deadline: 5 });
    const handler = nodeHandler(service, async (request, response, group) => {
      await swallows(request, response, group);
      response.end("its own");
    });
    await serving(service, handler, async ({ origin }) => assert.equal(await (await fetch(origin)).text(), "its own"));
  });
});
