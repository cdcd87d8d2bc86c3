/** So many calls, never more than so many under way: each that has ended makes room for the next. */
export async function inFlight(width: number, items: number, call: (index: number) => PromiseLike<unknown>): Promise<void> {
  let next = 0;
  const lane = async (): Promise<void> => {
    while (next < items) await call(next++);
  };
  await Promise.all(Array.from({ length: width }, lane));
}
