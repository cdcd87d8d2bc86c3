import type { Transferable } from "../contract.ts";

/** Takes away what another process has a copy of, as if it had got the thing itself. Throws for what cannot be handed over. */
export function handOver(transfer: readonly Transferable[] | undefined): void {
  if (transfer !== undefined && transfer.length > 0) structuredClone(undefined, { transfer: transfer as ArrayBuffer[] });
}
