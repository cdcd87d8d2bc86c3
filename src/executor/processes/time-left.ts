/**
 * Deadlines on their way between processes, as what is left of them: each process counts from a beginning of its own, and what it
 * takes for the time of day then is wrong from the first time that the clock is set, or the machine sleeps.
 */
import { CALL_LENGTH, CALLS, DEADLINE, type Extra, type Message } from "../wire/messages.ts";

/** For the other process. */
export function withTimeLeft(message: Message): Message {
  return shifted(message, -now());
}

/** In the process that it is for. What it was on its way, and waited to be taken, the call has longer: its caller's own deadline ends it. */
export function withDeadlines(message: Message): Message {
  return shifted(message, now());
}

function shifted(message: Message, ms: number): Message {
  if (message[0] === DEADLINE) return [DEADLINE, message[1], message[2], plus(message[3], ms)];
  if (message[0] !== CALLS) return message;
  let copy: Message | undefined;
  for (let at = CALL_LENGTH; at < message.length; at += CALL_LENGTH) {
    const extra = message[at] as Extra | undefined;
    if (extra?.deadline === undefined) continue;
    copy ??= [...message];
    copy[at] = { ...extra, deadline: plus(extra.deadline, ms) };
  }
  return copy ?? message;
}

function plus(time: unknown, ms: number): number | undefined {
  return time === undefined ? undefined : (time as number) + ms;
}

function now(): number {
  return performance.timeOrigin + performance.now();
}
