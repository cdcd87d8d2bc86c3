/**
 * The work that runs another one over a chunk of items. It runs works only, found as any worker finds them.
 *
 * Where nothing is copied, in the thread of the caller, the declaration itself comes along, and nothing has to be imported.
 */
import type { Declaration, WorkScope } from "../contract.ts";
import { carrier, type DeclaredWork, work } from "../work.ts";
import { findDeclaration, loadDeclaration } from "./found.ts";

/** Items, and the work for each of them. */
export class ItemsOfChunk {
  readonly url: string;
  readonly name: string;
  readonly items: readonly unknown[];
  /** No copy has it. */
  declare readonly declaration?: Declaration;

  constructor(declaration: Declaration, items: readonly unknown[]) {
    this.url = declaration.url;
    this.name = declaration.name;
    this.items = items;
    Object.defineProperty(this, "declaration", { value: declaration });
  }
}

function each({ fn }: Declaration, items: readonly unknown[], scope: WorkScope): unknown[] | Promise<unknown[]> {
  const results: unknown[] = [];
  for (const item of items) {
    scope.throwIfCancelled();
    const result = fn(item as never, scope);
    if (typeof (result as PromiseLike<unknown> | undefined | null)?.then === "function") return others(fn, items, results, result as PromiseLike<unknown>, scope);
    results.push(result);
  }
  return results;
}

/** From the first one on that has to be waited for. */
async function others(fn: Declaration["fn"], items: readonly unknown[], results: unknown[], first: PromiseLike<unknown>, scope: WorkScope): Promise<unknown[]> {
  results.push(await first);
  for (let at = results.length; at < items.length; at++) {
    scope.throwIfCancelled();
    results.push(await fn(items[at] as never, scope));
  }
  return results;
}

export const mapChunk: DeclaredWork<(input: ItemsOfChunk, scope: WorkScope) => unknown[] | Promise<unknown[]>> = carrier(
  work(import.meta, "mapChunk", (input: ItemsOfChunk, scope: WorkScope) => {
    const declaration = input.declaration ?? findDeclaration(input);
    return declaration === undefined ? loadDeclaration(input).then((found) => each(found, input.items, scope)) : each(declaration, input.items, scope);
  }),
);
