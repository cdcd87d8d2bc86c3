/** What stands for node:util in a browser: enough for the message of a failure. */

export function inspect(value: unknown): string {
  if (value instanceof AggregateError) return `${value.stack ?? String(value)}\n${value.errors.map(inspect).join("\n")}`;
  if (value instanceof Error) return `${value.stack ?? String(value)}${value.cause === undefined ? "" : `\ncause: ${inspect(value.cause)}`}`;
  if (typeof value === "function") return `[function ${value.name}]`;
  if (typeof value !== "object" || value === null) return typeof value === "string" ? JSON.stringify(value) : String(value);
  try {
    return JSON.stringify(value, (_, inner: unknown) => (typeof inner === "bigint" ? `${inner}n` : inner)) ?? "undefined";
  } catch {
    // A circle.
    return Object.prototype.toString.call(value);
  }
}
