/** What ran when a test runner gave a test up, told where its reader will look. */
import { outstandingWork } from "./external.ts";
import { treeText } from "./tree-text.ts";

/** What a test runner hands to a test, as far as it is used here. */
export interface RunnerContext {
  readonly name?: string;
  readonly task?: { readonly name?: string };
  /** Aborted when the runner gives up the test; by node:test at the end of each. */
  readonly signal?: AbortSignal;
  /** node:test: whether the test has passed, … */
  readonly passed?: boolean;
  /** … and what it failed with. */
  readonly error?: Error | { readonly failureType?: string } | null | undefined;
  /** Adds a line to the report. */
  diagnostic?(message: string): void;
}

/** What is told of a test twice, here and by its scope, is told once. */
const texts = new WeakMap<object, string>();

/**
 * Tells it: as a diagnostic of node:test, in the error of vitest's own limit, else on the console. The runner reports an error of its own: so it has to be now.
 * Gives what it told.
 */
export function tellGivenUp(context: RunnerContext | undefined, reason: unknown): string {
  const known = context === undefined ? undefined : texts.get(context);
  if (known !== undefined) return known;
  const text = told(treeText());
  if (context !== undefined) texts.set(context, text);
  if (context?.diagnostic !== undefined) context.diagnostic(text);
  else if (reason instanceof Error && Object.getOwnPropertyDescriptor(reason, "message")?.writable === true) reason.message += `\n\n${text}`;
  else console.error(text);
  return text;
}

export function told(tree: string): string {
  const work = outstandingWork();
  return `What ran then:\n\n${tree.replace(/^/gm, "  ")}${work.length === 0 ? "" : `\n\nexternal() work that was outstanding: ${work.join(", ")}`}`;
}
