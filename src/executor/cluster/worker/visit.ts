/** A call in the worker that runs it for a caller elsewhere: the scope in which the worker's own pool is called. */
import { CancelledError } from "../../../errors/cancelled.ts";
import type { Clock } from "../../../ports/clock.ts";
import { setDeadline } from "../../../scope/deadline.ts";
import { OpenedScope } from "../../../task/opened-scope.ts";
import type { Cancelling } from "../../wire/messages.ts";

export class Visit extends OpenedScope {
  readonly id: number;
  readonly began: number;
  /** How long it ran, as far as that is known. */
  ran = 0;
  /** The worker does not wait for it any more. */
  isCut = false;

  constructor(parent: OpenedScope, work: string, id: number, clock: Clock) {
    super("work", parent, work, clock);
    this.id = id;
    this.began = clock.now();
  }

  cancelAs([source, by, reason]: Cancelling): void {
    this.cancelWith(new CancelledError(source, by, reason));
  }

  /** In ms from now; `undefined` for no limit. */
  limitTo(left: number | undefined): void {
    const ms = Math.max(0, left ?? Infinity);
    setDeadline(this, this.clock.now() + ms, ms);
  }
}
