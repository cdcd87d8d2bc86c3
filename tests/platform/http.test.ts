/** fetch and http.request, each given the scope itself, against a server of our own. */
import assert from "node:assert/strict";
import { once } from "node:events";
import { get, type IncomingMessage, request } from "node:http";
import { addAbortSignal } from "node:stream";
import { all, CancelledError, failAfter, isCancelled, map, moveOnAfter, type Scope, taskGroup, TimeoutError } from "espalier";
import { gate, isA, scenario, thrownBy } from "../conformance/case.ts";
import { interruptible } from "./interruption.ts";
import { withLoopback } from "./loopback.ts";

interruptible("fetch", (scope, begun) =>
  // The server has the request and never answers it.
  withLoopback(begun, (url) => fetch(url, scope)),
);

interruptible("fetch with options of its own", (scope, begun) =>
  withLoopback(
    (incoming) => {
      assert.equal(incoming.method, "POST");
      begun();
    },
    (url) => fetch(url, { ...scope, method: "POST", body: "body" }),
  ),
);

interruptible("reading the body of a response", (scope, begun) =>
  withLoopback(
    (_incoming, response) => {
      response.write("the beginning");
    },
    async (url) => {
      const response = await fetch(url, scope);
      const text = response.text();
      begun();
      return text;
    },
  ),
);

interruptible("fetch with AbortSignal.any", ({ signal }, begun) =>
  withLoopback(begun, (url) => fetch(url, { signal: AbortSignal.any([new AbortController().signal, signal]) })),
);

interruptible("http.request", (scope, begun) =>
  withLoopback(begun, async (url) => {
    const outgoing = request(url, scope);
    outgoing.end();
    return once(outgoing, "response");
  }),
);

// Once there is a response, Node.js tells its reader of an aborted request as ECONNRESET: a real error to us. So the
// response is given the signal, too.
interruptible("http.get, while its response is read", (scope, begun) =>
  withLoopback(
    (_incoming, response) => {
      response.write("the beginning");
    },
    async (url) => {
      const [response] = (await once(get(url, { ...scope }), "response")) as [IncomingMessage];
      addAbortSignal(scope.signal, response);
      begun();
      for await (const _chunk of response);
    },
  ),
);

scenario("a deadline that cuts a fetch is a TimeoutError, and the server sees the connection close", async () => {
  const closed = gate();
  await withLoopback(
    (_incoming, response) => void response.on("close", closed.open),
    async (url) => {
      const error = isA(await thrownBy(failAfter(20, (scope) => fetch(url, scope))), TimeoutError);
      assert.equal(error.cause.source, "deadline");
      await closed.promise;
    },
  );
});

scenario("fetch rejects with the CancelledError itself", async () => {
  await withLoopback(
    () => {},
    async (url) => {
      await moveOnAfter(Infinity, async (scope) => {
        const call = thrownBy(fetch(url, scope));
        scope.cancel("enough");
        const error = await call;
        assert.equal(error, scope.reason);
        assert.equal(isA(error, CancelledError).reason, "enough");
      });
    },
  );
});

scenario("a response that a scope returned can still be read: its end aborts no signal", async () => {
  await withLoopback(
    (_incoming, response) => {
      response.write("first ");
      setImmediate(() => response.end("second"));
    },
    async (url) => {
      const response = await failAfter(10_000, (scope) => fetch(url, scope));
      assert.equal(await response.text(), "first second");
    },
  );
});

scenario("one of many requests fails: the others are cut, and all() throws that failure alone", async () => {
  const closings: Promise<unknown>[] = [];
  await withLoopback(
    (_incoming, response) => {
      closings.push(once(response, "close"));
      if (closings.length === 5) response.writeHead(500).end();
    },
    async (url) => {
      const load = Array.from({ length: 5 }, () => async (scope: Scope) => {
        const { ok, status } = await fetch(url, scope);
        if (!ok) throw new Error(`status ${status}`);
      });
      const { message } = isA(await thrownBy(all(load)), Error);
      assert.equal(message, "status 500");
      // The server has seen the end of all of them before it is ended itself.
      await Promise.all(closings);
    },
  );
  assert.equal(closings.length, 5);
});

scenario("map() with fetch and a limit gives the bodies in the order of the addresses", async () => {
  await withLoopback(
    (incoming, response) => void response.end(incoming.url),
    async (url) => {
      const paths = Array.from({ length: 10 }, (_, index) => `page/${index}`);
      const bodies = await map(paths, async (path, scope) => (await fetch(url + path, scope)).text(), { concurrency: 3 });
      assert.deepEqual(bodies, paths.map((path) => `/${path}`));
    },
  );
});

scenario("a server that is asked by a client which goes away stops what it does for it", async () => {
  const stopped = gate<unknown>();
  await withLoopback(
    (incoming, response) => {
      const gone = new AbortController();
      response.on("close", () => gone.abort());
      void taskGroup((group) => group.wait(new Promise(() => {})), { signal: gone.signal }).catch(stopped.open);
      incoming.resume();
    },
    async (url) => {
      await moveOnAfter(20, (scope) => fetch(url, scope));
      assert.equal(isCancelled(await stopped.promise), true);
    },
  );
});
