/** A clock of espalier as the Clock service of Effect, so that Effects in a scope live in the scope's time. */
import { Clock as EffectClock, Duration, Effect } from "effect";
import type { Clock, Timer } from "../lowlevel.ts";

type EffectTime = EffectClock.Clock;

export function effectClockOf(clock: Clock): EffectTime {
  const millis = (): number => clock.now();
  const nanos = (): bigint => BigInt(Math.round(clock.now() * 1e6));
  return {
    currentTimeMillisUnsafe: millis,
    currentTimeMillis: Effect.sync(millis),
    currentTimeNanosUnsafe: nanos,
    currentTimeNanos: Effect.sync(nanos),
    monotonicTimeNanosUnsafe: nanos,
    monotonicTimeNanos: Effect.sync(nanos),
    sleep: (duration) => sleepOn(clock, Duration.toMillis(duration)),
  };
}

function sleepOn(clock: Clock, ms: number): Effect.Effect<void> {
  if (ms === Infinity) return Effect.never;
  return Effect.callback<void>((resume) => {
    const timer: Timer = { at: clock.now() + ms, slot: -1, fire: () => resume(Effect.void) };
    clock.arm(timer);
    return Effect.sync(() => {
      if (timer.slot >= 0) clock.disarm(timer);
    });
  });
}
