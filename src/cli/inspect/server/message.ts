/** What the server tells a page: a batch, as the program told it, and how the program is. */
import type { Batch, Hello } from "../../../inspect/watch/wire.ts";
import type { Status } from "../../../inspect/watch/program.ts";

export interface PageMessage {
  readonly batch: Batch;
  readonly status: Status;
  readonly blockedFor: number;
  readonly identity?: Hello["hello"];
  readonly exitCode?: number;
}
