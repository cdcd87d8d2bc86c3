import type { EncodedFailure } from "../wire/encoded.ts";

/** A failure whose classes are in modules by other names: those of the other side. */
export function renamed(failure: EncodedFailure, rename: (module: string) => string): EncodedFailure {
  const nodes = failure.nodes.map((node) => (node.kind === "error" && node.class !== undefined ? { ...node, class: { ...node.class, url: rename(node.class.url) } } : node));
  return { ...failure, nodes };
}
