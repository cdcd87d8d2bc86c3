import assert from "node:assert/strict";
import { openSync } from "node:fs";
import { describe, test } from "node:test";
import { deserialize, serialize } from "node:v8";
import { createContext, runInContext } from "node:vm";
import { MessageChannel, receiveMessageOnPort, Worker } from "node:worker_threads";
import { CancelledError } from "../../errors/cancelled.ts";
import { ClosedError } from "../../errors/closed.ts";
import { TaskGroupError } from "../../errors/group.ts";
import { MisuseError } from "../../errors/misuse.ts";
import { firstOf, suppressed } from "../../errors/suppressed.ts";
import { TimeoutError } from "../../errors/timeout.ts";
import { CircuitOpenError } from "../../flow/circuit-open-error.ts";
import { PoolExhaustedError } from "../../sync/pool/exhausted.ts";
import { NotCloneableError } from "../not-cloneable-error.ts";
import { type ClassFinder, findIn } from "./classes.ts";
import { type ClassLoader, decodeFailure, encodeFailure } from "./failure.ts";

function overPort(value: unknown): unknown {
  const { port1, port2 } = new MessageChannel();
  try {
    port1.postMessage(value);
    return (receiveMessageOnPort(port2) as { message: unknown }).message;
  } finally {
    port1.close();
  }
}

const boundaries = { structuredClone, "a MessagePort": overPort, "v8.serialize": (value: unknown): unknown => deserialize(serialize(value)) };

/** There and, the whole way, by each kind of boundary in turn. */
function cross<T>(error: T, findClass?: ClassFinder, loadClass?: ClassLoader): T {
  const arrived = Object.values(boundaries).map((boundary) => decodeFailure(boundary(encodeFailure(error, findClass)), undefined, loadClass));
  for (const one of arrived) assert.deepEqual(one, arrived[0]);
  return arrived[0] as T;
}

const exhausted = Object.assign(Object.setPrototypeOf(new Error("none free"), PoolExhaustedError.prototype) as PoolExhaustedError, { holders: [{ name: "a", heldFor: 1 }], selfDeadlock: true });
const cancelled = new CancelledError("deadline", "lookup", new RangeError("enough"));

describe("encodeFailure(), decodeFailure(): classes", () => {
  const errors = [
    new Error("plain"),
    new TypeError("type"),
    new RangeError("range"),
    new SyntaxError("syntax"),
    new URIError("uri"),
    new EvalError("eval"),
    new ReferenceError("reference"),
    new AggregateError([new TypeError("in it"), "text"], "aggregate"),
    new SuppressedError(new Error("second"), new Error("first"), "both"),
    new WebAssembly.RuntimeError("unreachable"),
    new DOMException("gone", "NotFoundError"),
    AbortSignal.abort().reason as DOMException,
    cancelled,
    new CancelledError("explicit", "scope"),
    new TimeoutError("lookup", 50, cancelled),
    new TaskGroupError([new TypeError("a"), new TaskGroupError([cancelled])]),
    new MisuseError("EMPTY", "nothing was given"),
    new ClosedError("BROKEN", "gone", { undelivered: { id: 1 } }),
    new CircuitOpenError("open", 30, new Error("down")),
    new NotCloneableError("input.a", "no", { cause: new Error("clone") }),
    exhausted,
  ];
  for (const error of errors) {
    test(`${error.constructor.name} ${error.name}: arrives as what it was`, () => {
      const arrived = cross(error);
      assert.notEqual(arrived, error);
      assert.equal(Object.getPrototypeOf(arrived), Object.getPrototypeOf(error));
      assert.ok(arrived instanceof Error && arrived instanceof (error.constructor as typeof Error));
      assert.equal(Object.prototype.toString.call(arrived), Object.prototype.toString.call(error));
      assert.equal(String(arrived), String(error));
      assert.equal((arrived as { code?: unknown }).code, (error as { code?: unknown }).code);
      assert.equal(arrived.stack, error.stack ?? String(error));
      // What is own stays own, what is hidden stays hidden.
      const shape = (one: object): [string, boolean | undefined][] =>
        Object.getOwnPropertyNames(one).filter((key) => key !== "stack" && key !== "message").sort().map((key) => [key, Object.getOwnPropertyDescriptor(one, key)?.enumerable]);
      assert.deepEqual(shape(arrived), shape(error));
      assert.deepEqual(arrived, error);
    });
  }

  test("a CancelledError keeps source, by and reason, which is its cause too", () => {
    const { source, by, reason, cause } = cross(cancelled);
    assert.deepEqual([source, by], ["deadline", "lookup"]);
    assert.ok(reason instanceof RangeError);
    assert.equal(reason, cause);
  });

  test("an error of the system keeps code, errno, syscall and path", () => {
    assert.throws(() => openSync("/no/such/file", "r"), (error: NodeJS.ErrnoException) => {
      const { code, errno, syscall, path } = cross(error);
      assert.deepEqual({ code, errno, syscall, path }, { code: "ENOENT", errno: error.errno, syscall: "open", path: "/no/such/file" });
      return true;
    });
  });

  test("an error of Node keeps class and code", () => {
    assert.throws(() => openSync({} as never, "r"), (error: NodeJS.ErrnoException) => {
      const arrived = cross(error);
      assert.ok(arrived instanceof TypeError);
      assert.equal(arrived.code, "ERR_INVALID_ARG_TYPE");
      return true;
    });
  });

  test("an error of another realm arrives as an error of this one", () => {
    const foreign = runInContext(`Object.assign(new RangeError("far away", { cause: new TypeError("inner") }), { code: "FAR" })`, createContext()) as RangeError;
    assert.equal(foreign instanceof Error, false);
    const arrived = cross(foreign) as RangeError & { code?: string };
    assert.ok(arrived instanceof RangeError && arrived.cause instanceof TypeError);
    assert.equal(arrived.code, "FAR");
  });

  test("an error of another copy of the package arrives as one of this", async () => {
    const copy = (await import(new URL("../../errors/misuse.ts?wire", import.meta.url).href)) as { MisuseError: typeof MisuseError };
    const arrived = cross(new copy.MisuseError("EMPTY", "none"));
    assert.equal(Object.getPrototypeOf(arrived), MisuseError.prototype);
  });
});

class HttpError extends Error {
  override name = "HttpError";
  static made = 0;
  readonly #status: number;
  constructor(status: number, options?: ErrorOptions) {
    super(`status ${status}`, options);
    this.#status = status;
    HttpError.made++;
  }
  get status(): number {
    return this.#status;
  }
  get code(): string {
    return `E${this.#status}`;
  }
  isFatal(): boolean {
    return this.status >= 500;
  }
}
Object.assign(HttpError.prototype, { retries: 3 });
class GoneError extends HttpError {}
class Quota extends DOMException {
  readonly quota = 5;
}

describe("encodeFailure(), decodeFailure(): classes of users", () => {
  const url = "file:///app/errors.js";
  const namespace = { HttpError, Quota, notAClass: 1, get early(): never { throw new ReferenceError("not initialised"); } };
  const findClass = findIn(new Map<string, object>([["file:///app/other.js", {}], [url, namespace]]));
  const loadClass: ClassLoader = (from, name) => (from === url ? (namespace as Record<string, unknown>)[name] : undefined);

  test("a class that a module exports is restored, without a call of its constructor, getters of private members included", () => {
    const { made } = HttpError;
    const error = new HttpError(503, { cause: "load" });
    const arrived = cross(error, findClass, loadClass);
    assert.ok(arrived instanceof HttpError);
    assert.equal(Object.prototype.toString.call(arrived), "[object Error]");
    assert.deepEqual([arrived.status, arrived.code, arrived.isFatal(), arrived.cause], [503, "E503", true, "load"]);
    assert.deepEqual(Object.keys(arrived), ["name"]);
    assert.equal(Object.hasOwn(arrived, "retries"), false);
    assert.equal((arrived as { retries?: number }).retries, 3);
    assert.equal(HttpError.made, made + 1);
  });

  test("a class that nobody exports is replaced by the nearest that is known, with name, code and what its getters gave", () => {
    const nearest = cross(new GoneError(410), findClass, loadClass);
    assert.equal(Object.getPrototypeOf(nearest), HttpError.prototype);
    assert.equal(nearest.status, 410);
    const plain = cross(new GoneError(410));
    assert.equal(Object.getPrototypeOf(plain), Error.prototype);
    assert.deepEqual([plain.name, plain.message, plain.code, plain.status], ["HttpError", "status 410", "E410", 410]);
  });

  test("a name or a code on a prototype that is not there is kept by the error", () => {
    class Old extends TypeError {}
    Object.assign(Old.prototype, { name: "OldError", code: "OLD" });
    const arrived = cross(new Old("old")) as Old & { code?: string };
    assert.equal(Object.getPrototypeOf(arrived), TypeError.prototype);
    assert.deepEqual([arrived.name, arrived.code, Object.keys(arrived)], ["OldError", "OLD", []]);
  });

  test("a class below one of the library's or the platform's keeps its brand and its slots", () => {
    const arrived = cross(new Quota("full", "QuotaExceededError"), findClass, loadClass);
    assert.ok(arrived instanceof Quota);
    assert.deepEqual([arrived.name, arrived.message, arrived.quota], ["QuotaExceededError", "full", 5]);
    class Own extends MisuseError {}
    const own = cross(new Own("EMPTY", "own"), findIn(new Map([[url, { Own }]])), () => Own);
    assert.ok(own instanceof Own && own instanceof MisuseError);
  });

  test("a class that has to be imported is waited for, each once, and others are not", async () => {
    const asked: string[] = [];
    const group = new TaskGroupError([new HttpError(500), new HttpError(501), new TypeError("own")]);
    const decoded = decodeFailure(structuredClone(encodeFailure(group, findClass)), undefined, (from, name) => {
      asked.push(`${name} of ${from}`);
      return Promise.resolve(HttpError);
    });
    assert.ok(decoded instanceof Promise);
    const arrived = (await decoded) as TaskGroupError;
    assert.deepEqual(asked, [`HttpError of ${url}`]);
    assert.deepEqual(arrived.errors.map((one) => (one as Error).constructor), [HttpError, HttpError, TypeError]);
    assert.equal(decodeFailure(encodeFailure(new TypeError("own"), findClass), undefined, () => assert.fail()) instanceof Promise, false);
  });

  test("a class that cannot be had is replaced by the nearest known one", async () => {
    const encoded = encodeFailure(new HttpError(500), findClass);
    const refusals: ClassLoader[] = [
      () => { throw new Error("not allowed"); },
      () => Promise.reject(new Error("no such module")),
      () => undefined,
      () => Map,
      () => ({ prototype: new Error("no function") }),
      () => Object.assign(() => {}, { prototype: null }),
      () => "HttpError",
    ];
    for (const refuse of refusals) {
      const arrived = (await decodeFailure(structuredClone(encoded), undefined, refuse)) as Error;
      assert.equal(Object.getPrototypeOf(arrived), Error.prototype);
      assert.deepEqual([arrived.name, arrived.message], ["HttpError", "status 500"]);
    }
  });

  test("errors cross between real threads, classes included", async () => {
    const module = `data:text/javascript,export class DiskError extends Error { name = "DiskError"; sectors = [1, 2]; }`;
    const wire = new URL("./failure.ts", import.meta.url).href;
    const code = `
      import { parentPort } from "node:worker_threads";
      import { encodeFailure } from ${JSON.stringify(wire)};
      import { findIn } from ${JSON.stringify(new URL("./classes.ts", import.meta.url).href)};
      import * as disk from ${JSON.stringify(module)};
      const error = new disk.DiskError("sector", { cause: new AggregateError([new RangeError("inner")], "several") });
      parentPort.postMessage(encodeFailure(error, findIn(new Map([[${JSON.stringify(module)}, disk]]))));`;
    const worker = new Worker(new URL(`data:text/javascript,${encodeURIComponent(code)}`), { execArgv: ["--conditions=espalier:source"] });
    try {
      const encoded = await new Promise((resolve, reject) => worker.once("message", resolve).once("error", reject));
      const arrived = (await decodeFailure(encoded, "worker thread 1", async (from, name) => ((await import(from)) as Record<string, unknown>)[name])) as Error & { sectors: number[] };
      const { DiskError } = (await import(module)) as { DiskError: typeof Error };
      assert.ok(arrived instanceof DiskError);
      assert.deepEqual(arrived.sectors, [1, 2]);
      assert.ok(arrived.cause instanceof AggregateError && arrived.cause.errors[0] instanceof RangeError);
      assert.match(arrived.stack!, /^DiskError|^Error: sector[^]*\n {4}at … \[in worker thread 1\]$/);
    } finally {
      await worker.terminate();
    }
  });
});

describe("encodeFailure(), decodeFailure(): trees", () => {
  test("own properties of all kinds arrive, and objects in two places stay one", () => {
    const shared = { when: new Date(5), pattern: /a+/giu };
    const error = Object.assign(new Error("rich"), {
      shared,
      again: [shared, new Map<unknown, unknown>([[shared, new Set([shared])]])],
      bytes: new Uint8Array([1, 2, 3]),
      floats: new Float64Array([0.5]),
      buffer: new Uint8Array([7]).buffer,
      view: new DataView(new Uint8Array([1, 2, 3, 4]).buffer, 1, 2),
      odd: [NaN, -0, 10n ** 20n, undefined, null],
      inner: new RangeError("inner"),
    });
    const arrived = cross(error);
    assert.deepEqual(arrived, error);
    assert.equal(arrived.again[0], arrived.shared);
    assert.ok((arrived.again[1] as Map<unknown, Set<unknown>>).get(arrived.shared)!.has(arrived.shared));
    assert.ok(arrived.inner instanceof RangeError);
    assert.equal(arrived.view.getUint8(1), 3);
  });

  test("circles stay circles", () => {
    const a = new Error("a");
    const b = new TypeError("b", { cause: a });
    a.cause = b;
    const list: unknown[] = [a];
    list.push(list);
    Object.assign(a, { list });
    const arrived = cross(a) as Error & { list: unknown[] };
    assert.equal((arrived.cause as Error).cause, arrived);
    assert.equal(arrived.list[0], arrived);
    assert.equal(arrived.list[1], arrived.list);
  });

  test("what was suppressed arrives with it, also where what was thrown is no error", () => {
    for (const first of [new Error("first"), { code: 1 }]) {
      const arrived = cross(firstOf([first, new TypeError("second"), "third"]));
      assert.deepEqual(suppressed(arrived).map(String), ["TypeError: second", "third"]);
      assert.ok(suppressed(arrived)[0] instanceof TypeError);
    }
  });

  test("a chain and a tree of thousands arrive whole (G20)", () => {
    let chain = new Error("0");
    let tree = new TaskGroupError([new Error("leaf")], "");
    for (let i = 1; i < 4_000; i++) {
      chain = new Error(String(i), { cause: chain });
      chain.stack = "";
      tree = new TaskGroupError([tree], "");
      tree.stack = "";
    }
    let depth = 0;
    for (let at: unknown = decodeFailure(structuredClone(encodeFailure(chain))); at instanceof Error; at = at.cause) depth++;
    assert.equal(depth, 4_000);
    let at: unknown = decodeFailure(structuredClone(encodeFailure(tree)));
    for (depth = 0; at instanceof TaskGroupError; at = at.errors[0]) depth++;
    assert.deepEqual([depth, String(at)], [4_000, "Error: leaf"]);
  });
});

describe("decodeFailure(): stacks", () => {
  test("each stack says where it was, once, however often it crosses that boundary", () => {
    const error = new Error("outer", { cause: new Error("inner") });
    const once = decodeFailure(encodeFailure(error), "worker thread 3") as Error;
    assert.equal(once.stack, `${error.stack}\n    at … [in worker thread 3]`);
    assert.match((once.cause as Error).stack!, /\[in worker thread 3\]$/);
    const twice = decodeFailure(encodeFailure(once), "worker thread 3") as Error;
    assert.equal(twice.stack, once.stack);
    const far = decodeFailure(encodeFailure(twice), "process 7") as Error;
    assert.ok(far.stack!.endsWith("\n    at … [in worker thread 3]\n    at … [in process 7]"));
  });

  test("an error without a stack does not get that of the decoder", () => {
    const error = Object.assign(new TypeError("bare"), { stack: undefined });
    assert.equal((decodeFailure(encodeFailure(error), "worker thread 3") as Error).stack, "TypeError: bare\n    at … [in worker thread 3]");
  });
});
