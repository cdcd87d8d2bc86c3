/** The errors of closed ends: what was done, what was seen, and the way out. */
import { type ClosedCode, ClosedError } from "../errors/closed.ts";

const SENDING = {
  CLOSED: "this sender is closed. Close a sender when nothing more is to be sent with it, and give each task its own with clone()",
  ENDED: "nothing more is taken",
  BROKEN: "all receivers are closed, so nobody would get the item (`undelivered`)",
};

const RECEIVING = {
  CLOSED: "this receiver is closed. Close a receiver when nothing more is to be received with it, and give each task its own with clone()",
  ENDED: "all senders are closed and nothing is left in it. A `for await` over items(scope) just ends there",
  BROKEN: 'this receiver fell behind, and its broadcast was made with slow: "fail"',
};

export function refusedSend(code: ClosedCode, name: string, undelivered: unknown): ClosedError {
  return new ClosedError(code, `send into ${name}: ${SENDING[code]}`, { undelivered });
}

export function refusedReceive(code: ClosedCode, name: string): ClosedError {
  return new ClosedError(code, `receive from ${name}: ${RECEIVING[code]}`);
}

export function refusedClone(end: "sender" | "receiver", name: string): ClosedError {
  return new ClosedError("CLOSED", `clone() of a ${end} of ${name}: it is closed. Clone it before, and close each clone when it is done with`);
}
