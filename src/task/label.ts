import type { Label } from "../scope/node.ts";

/** The name that `options` give of their own, else `fallback`. A scope has a name by its prototype, and hands it to no child. */
export function labelOf(options: { readonly name?: string | undefined } | undefined | null, fallback?: Label): Label {
  return (options !== undefined && options !== null && Object.hasOwn(options, "name") ? options.name : undefined) ?? fallback;
}
