import { host } from "#host";

/** Tells the developer something, by the runtime's own warnings, else by the console. Never throws. */
export function warn(message: string): void {
  const { console } = globalThis as { readonly console?: { warn(message: string): void } };
  if (host.warn === undefined) console?.warn(message);
  else host.warn(message);
}
