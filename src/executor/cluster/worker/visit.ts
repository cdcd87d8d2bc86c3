/** A call in the worker that runs it for a caller elsewhere: the scope in which the worker's own pool is called. */
import { CancelledError } from "../../../errors/cancelled.ts";
import type { Clock } from "../../../ports/clock.ts";
import { setDeadline } from "../../../scope/deadline.ts";
import { OpenedScope } from "../../../task/opened-scope.ts";
import type { WorkerDiedError } from "../../worker-died-error.ts";
import type { Cancelling } from "../../wire/messages.ts";

export class Visit extends OpenedScope {
  readonly id: number;
  readonly began: number;
  /** How long it ran, as far as that is known. */
  ran = 0;
  /** Its caller has moved its time limit since it came. */
  isMoved = false;
  /** Why it was cancelled by nobody who called it. */
  givenUp: WorkerDiedError | undefined = undefined;

  constructor(parent: OpenedScope, work: string, id: number, clock: Clock) {
    super("work", parent, work, clock);
    this.id = id;
    this.began = clock.now();
  }

  cancelAs([source, by, reason]: Cancelling): void {
    this.cancelWith(new CancelledError(source, by, reason));
  }

  /** Not its caller's doing: that is what he is told, unless he has cancelled it himself. */
  giveUp(reason: WorkerDiedError, cancelling: Cancelling): void {
    if (this.interruption !== undefined) return;
    this.givenUp = reason;
    this.cancelAs(cancelling);
  }

  /** As its caller says now: what the call came with holds no more. */
  limitAnew(left: number | undefined): void {
    this.isMoved = true;
    this.limitTo(left);
  }

  /** In ms from now; `undefined` for no limit. */
  limitTo(left: number | undefined): void {
    if (this.ended) return;
    const ms = Math.max(0, left ?? Infinity);
    setDeadline(this, this.clock.now() + ms, ms);
  }
}
