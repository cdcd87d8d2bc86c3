import assert from "node:assert/strict";
import { describe, test } from "node:test";
import type { Timer } from "../ports/clock.ts";
import type { Host } from "../ports/host.ts";
import { RealClock } from "./real-clock.ts";

/** A runtime whose time and turns are moved by hand, and whose native timers may be inexact, as real ones are. */
class HandHost implements Host {
  readonly runtime = "hand";
  time = 1_000;
  /** Set native timers, each with the time at which it will fire. */
  readonly native = new Map<object, { callback: () => void; at: number }>();
  readonly delays: number[] = [];
  /** By how much native timers fire too soon, unless they are so short themselves. */
  early = 0;
  #turns: (() => void)[] = [];

  now(): number {
    return this.time;
  }
  setTimer(callback: () => void, ms: number): object {
    const handle = {};
    this.delays.push(ms);
    this.native.set(handle, { callback, at: this.time + (ms > 2 * this.early ? ms - this.early : ms) });
    return handle;
  }
  clearTimer(handle: unknown): void {
    this.native.delete(handle as object);
  }
  nextTurn(callback: () => void): void {
    this.#turns.push(callback);
  }
  turn(): void {
    for (const callback of this.#turns.splice(0)) callback();
  }
  /** Time goes on to `time`, with a turn for each native timer that fires on the way. */
  goOn(time: number): void {
    this.turn();
    for (;;) {
      const [next] = [...this.native].sort(([, a], [, b]) => a.at - b.at);
      if (next === undefined || next[1].at > time) break;
      this.native.delete(next[0]);
      this.time = Math.max(this.time, next[1].at);
      next[1].callback();
      this.turn();
    }
    this.time = Math.max(this.time, time);
  }
}

/** A timer that writes down when it fired. */
function timerAt(at: number, host: HandHost, log: [at: number, fired: number][]): Timer {
  return { at, slot: -1, fire: () => void log.push([at, host.time]) };
}

function setUp(): { host: HandHost; clock: RealClock; log: [number, number][]; arm: (at: number) => Timer } {
  const host = new HandHost();
  const clock = new RealClock(host);
  const log: [number, number][] = [];
  const arm = (at: number): Timer => {
    const timer = timerAt(at, host, log);
    clock.arm(timer);
    return timer;
  };
  return { host, clock, log, arm };
}

describe("RealClock: timers", () => {
  test("arm() fires each at its time, in order, over one native timer", () => {
    const { host, log, arm } = setUp();
    for (const at of [1_030, 1_010, 1_020, 1_010]) arm(at);
    host.turn();
    assert.equal(host.native.size, 1);
    host.goOn(2_000);
    assert.deepEqual(log, [
      [1_010, 1_010],
      [1_010, 1_010],
      [1_020, 1_020],
      [1_030, 1_030],
    ]);
    assert.equal(host.native.size, 0);
  });

  test("arm() of an earlier one moves the native timer forward", () => {
    const { host, log, arm } = setUp();
    arm(1_500);
    host.turn();
    arm(1_005);
    host.turn();
    assert.equal(host.native.size, 1);
    host.goOn(1_100);
    assert.deepEqual(log, [[1_005, 1_005]]);
    host.goOn(1_500);
    assert.deepEqual(log[1], [1_500, 1_500]);
  });

  test("arm() of what is due already fires it in a later turn, never within arm()", () => {
    const { host, log, arm } = setUp();
    arm(900);
    assert.deepEqual(log, []);
    host.goOn(1_000);
    assert.deepEqual(log, [[900, 1_000]]);
    assert.deepEqual(host.delays, [0]);
  });

  test("disarm() of the last one clears the native timer; before the turn is over none is ever set", () => {
    const { host, clock, log, arm } = setUp();
    clock.disarm(arm(1_010));
    host.turn();
    assert.deepEqual(host.delays, []);
    const [first, second] = [arm(1_010), arm(1_020)];
    host.turn();
    clock.disarm(first);
    assert.equal(host.native.size, 1);
    clock.disarm(second);
    assert.equal(host.native.size, 0);
    clock.disarm(second);
    host.goOn(2_000);
    assert.deepEqual(log, []);
  });

  test("a timer that arms another while it fires has it fired in its time", () => {
    const { host, clock, log } = setUp();
    clock.arm({
      at: 1_010,
      slot: -1,
      fire() {
        for (const at of [1_020, 1_005]) clock.arm(timerAt(at, host, log));
      },
    });
    host.goOn(2_000);
    assert.deepEqual(log, [
      [1_005, 1_010],
      [1_020, 1_020],
    ]);
  });

  test("a timer that disarms another, due in the same turn, keeps it from firing", () => {
    const { host, clock, log } = setUp();
    const victim = timerAt(1_010, host, log);
    clock.arm({ at: 1_010, slot: -1, fire: () => clock.disarm(victim) });
    clock.arm(victim);
    host.goOn(2_000);
    assert.deepEqual(log, []);
    assert.equal(host.native.size, 0);
  });

  test("G18: a native timer that fires early fires nothing early", () => {
    for (const early of [0.4, 1, 3]) {
      const { host, log, arm } = setUp();
      host.early = early;
      arm(1_010);
      arm(1_010.5);
      host.goOn(1_100);
      assert.ok(host.delays.length > 1, "the first native timer fired too soon");
      assert.deepEqual(log.map(([at]) => at), [1_010, 1_010.5]);
      assert.deepEqual(log.filter(([at, fired]) => fired < at), []);
    }
  });

  for (const at of [2 ** 31 - 1, 2 ** 31, 2 ** 31 + 1_000, 2 ** 33, 2 ** 40]) {
    test(`G18: a timer at ${at} fires then and not before, and no native timer is set beyond 2^31 - 1 ms`, () => {
      const { host, log, arm } = setUp();
      arm(at);
      host.goOn(at - 1);
      assert.deepEqual(log, []);
      host.goOn(at + 1);
      assert.deepEqual(log, [[at, at]]);
      assert.ok(host.delays.every((ms) => ms <= 2 ** 31 - 1));
      assert.equal(host.native.size, 0);
    });
  }

  test("G18: beyond 2^53 it is set again and again, and can be disarmed", () => {
    const { host, clock, log, arm } = setUp();
    const timer = arm(Number.MAX_VALUE);
    host.goOn(2 ** 33);
    assert.equal(host.native.size, 1);
    clock.disarm(timer);
    assert.equal(host.native.size, 0);
    assert.deepEqual(log, []);
  });
});

describe("RealClock: pause()", () => {
  test("pause() is undefined while the turn is young, and a promise of a later turn when it has been long", async () => {
    const { host, clock } = setUp();
    host.nextTurn(() => {});
    const first = clock.pause();
    host.turn();
    await first;
    assert.equal(clock.pause(), undefined);
    host.time += 4.9;
    assert.equal(clock.pause(), undefined);
    host.time += 0.2;
    const pause = clock.pause();
    assert.ok(pause instanceof Promise);
    let resumed = false;
    void pause.then(() => (resumed = true));
    await Promise.resolve();
    assert.equal(resumed, false);
    host.turn();
    await pause;
    assert.equal(clock.pause(), undefined, "the new turn is young again");
  });

  test("after many quick operations a long one is seen soon, and from then on at once", () => {
    const { host, clock } = setUp();
    void clock.pause();
    host.turn();
    for (let n = 0; n < 100; n++) {
      host.time += 0.001;
      assert.equal(clock.pause(), undefined);
    }
    let operations = 0;
    do {
      host.time += 10;
      operations++;
    } while (clock.pause() === undefined);
    assert.ok(operations <= 16, `${operations} of 10 ms each`);
    host.turn();
    host.time += 10;
    assert.notEqual(clock.pause(), undefined);
  });

  test("all who pause in one long turn share the next", async () => {
    const { host, clock } = setUp();
    host.time += 6;
    const pause = clock.pause();
    assert.equal(clock.pause(), pause);
    host.turn();
    await pause;
    host.time += 6;
    assert.notEqual(clock.pause(), pause);
  });
});
