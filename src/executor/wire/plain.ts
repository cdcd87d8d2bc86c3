/** Whether it can be sent and there is nothing in it that another value could share: what is sent together arrives as one. */
export function isPlain(value: unknown): boolean {
  return value === null || (typeof value !== "object" && typeof value !== "function" && typeof value !== "symbol");
}
