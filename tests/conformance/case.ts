/**
 * The frame of one case: what it is given, and what has to be true after every case.
 *
 * After the body has ended, and a few turns of the event loop more, whatever the case was about:
 *   1. No unhandledRejection, no uncaughtException and no process warning happened, except those the case took.
 *   2. No native timer is left.
 *   3. No listener is left on a signal that came from outside.
 *   4. Nothing is left in the tree.
 *
 * The runner's own handlers are set aside while a case runs, so that a case may also provoke a report and take it.
 */
import assert from "node:assert/strict";
import { test } from "node:test";
import { tree } from "espalier/lowlevel";
import { testClock, type TestClock } from "espalier/testing";
import { hearReports, nativeTimers, type Report, reported, timersLeft, turn } from "../runtimes/runtime.ts";

export type { Report };

/** A signal from outside that knows who listens to it. */
export interface OutsideSignal {
  readonly signal: AbortSignal;
  abort(reason?: unknown): void;
  /** How many listeners are on it now. */
  readonly listeners: number;
  /** How many were ever put on it. */
  readonly added: number;
}

/** What a case is given. */
export interface Given {
  /** Virtual time: starts at 0 and jumps when everything waits. */
  readonly clock: TestClock;
  /** A signal that the case must leave without a listener. */
  outside(): OutsideSignal;
  /** What the platform reported so far; what is taken does not fail the case. */
  takeReports(): Promise<Report[]>;
}

/** How long a timer may still be there after a case. */
let patienceMs = 0;

/** For what tells a server elsewhere that something is over, and has a timer until the answer is there. */
export function awaitAnswers(ms: number): void {
  patienceMs = ms;
}

/** Defines a test whose title is a sentence of the specification, and holds it to the four promises above. */
export function scenario(title: string, body: (given: Given) => unknown): void {
  test(title, async () => {
    const reports: Report[] = [];
    const stop = hearReports((report) => reports.push(report));
    const outsides: OutsideSignal[] = [];
    const timers = nativeTimers();
    // What an earlier case that failed has left is its failure alone.
    const standing = tree().length;
    let caught = false;
    try {
      await body({
        clock: testClock(),
        outside() {
          const made = outsideSignal();
          outsides.push(made);
          return made;
        },
        async takeReports() {
          await quiet();
          await reported();
          return reports.splice(0);
        },
      });
    } catch (error) {
      caught = true;
      throw error;
    } finally {
      await quiet();
      await reported();
      stop();
      // A failed body leaves things behind; what it says comes first.
      if (!caught) {
        assert.deepEqual(reports, [], "the platform reported what reached nobody");
        assert.ok((await timersLeft(timers, patienceMs)) <= timers, "a native timer is left");
        for (const { listeners } of outsides) assert.equal(listeners, 0, "a listener is left on a signal from outside");
        assert.deepEqual(tree().slice(standing), [], "something is left in the tree");
      }
    }
  });
}

/** Until everything that can run without time and without the outside has run. */
export async function quiet(): Promise<void> {
  for (let round = 0; round < 5; round++) await turn();
}

/** How a promise settled: what was thrown may be `undefined`, so only one of the two is there. */
export type Ending<T> = { readonly value: T } | { readonly error: unknown };

/** How a promise ends. Never rejects. */
export async function ending<T>(promise: PromiseLike<T>): Promise<Ending<T>> {
  try {
    return { value: await promise };
  } catch (error) {
    return { error };
  }
}

/** The very value that a promise rejects with, or that a function throws; fails the case when there is none. */
export async function thrownBy(call: PromiseLike<unknown> | (() => unknown)): Promise<unknown> {
  let value: unknown;
  try {
    value = await (typeof call === "function" ? call() : call);
  } catch (error) {
    return error;
  }
  return assert.fail(`nothing was thrown; the value is ${String(value)}`);
}

/** Narrows `value` to what `Class` makes, or fails the case. */
export function isA<T>(value: unknown, Class: abstract new (...args: never[]) => T): T {
  assert.ok(value instanceof Class, `${String(value)} is no ${Class.name}`);
  return value;
}

/** Asserts that a list holds these very objects in this order. */
export function same(actual: Iterable<unknown>, expected: readonly unknown[]): void {
  const list = [...actual];
  assert.equal(list.length, expected.length, `${list.length} entries instead of ${expected.length}: ${list.map(String).join(", ")}`);
  for (const [index, one] of expected.entries()) assert.ok(Object.is(list[index], one), `entry ${index} is another object: ${String(list[index])}`);
}

/** A promise and the functions that settle it: a foreign promise, which no scope can interrupt. */
export interface Gate<T> {
  readonly promise: Promise<T>;
  open(value: T): void;
  fail(error: unknown): void;
}

export function gate<T = void>(): Gate<T> {
  let open!: (value: T) => void;
  let fail!: (error: unknown) => void;
  const promise = new Promise<T>((...settle) => ([open, fail] = settle));
  return { promise, open, fail };
}

function outsideSignal(): OutsideSignal {
  const controller = new AbortController();
  const { signal } = controller;
  const listening = new Set<unknown>();
  let added = 0;
  const { addEventListener, removeEventListener } = signal;
  signal.addEventListener = (type: string, listener: EventListenerOrEventListenerObject, options?: boolean | AddEventListenerOptions) => {
    added++;
    listening.add(listener);
    addEventListener.call(signal, type, listener, options);
    if (typeof options === "object" && options.once === true) addEventListener.call(signal, type, () => void listening.delete(listener), { once: true });
  };
  signal.removeEventListener = (type: string, listener: EventListenerOrEventListenerObject, options?: boolean | EventListenerOptions) => {
    listening.delete(listener);
    removeEventListener.call(signal, type, listener, options);
  };
  return {
    signal,
    abort: (reason) => controller.abort(reason),
    get listeners() {
      return listening.size;
    },
    get added() {
      return added;
    },
  };
}
