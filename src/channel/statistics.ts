/** What `statistics()` of either end tells, at this moment. */
export interface ChannelStatistics {
  readonly capacity: number;
  /** How many items are in the buffer; of a broadcast's sender, in that of the slowest receiver. */
  readonly buffered: number;
  /** The most that ever were. */
  readonly peak: number;
  /** How many items went past a receiver that was too slow (a broadcast with `slow: "dropOldest"`). */
  readonly dropped: number;
  /** How many ends are open. */
  readonly senders: number;
  readonly receivers: number;
  readonly waitingSenders: number;
  readonly waitingReceivers: number;
}
