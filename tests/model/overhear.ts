/**
 * Hears of every rejection that nobody handles, alone: whoever else listens (the test runner does, and would fail
 * the test) is set aside, because programs forget awaits on purpose. The function that it gives puts all back.
 */
export function overhear(listener: (error: unknown, promise: Promise<unknown>) => void): () => void {
  const others = process.listeners("unhandledRejection");
  process.removeAllListeners("unhandledRejection");
  process.on("unhandledRejection", listener);
  return () => {
    process.off("unhandledRejection", listener);
    for (const other of others) process.on("unhandledRejection", other);
  };
}
