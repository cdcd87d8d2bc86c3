/** Who has to do with whom: what is waited for, who has it, and why something was cancelled. */
import type { Picture } from "../../../../inspect/watch/picture.ts";
import type { CauseLink, Resource } from "../../../../inspect/watch/wire.ts";
import { type Item, taskOf } from "./item.ts";
import type { Tree } from "./tree.ts";

/** So many are named. */
export const MOST_NAMED = 12;

/** What an operation is about: the `jobs` of `receive(jobs)`. */
export function subjectOf(label: string): string | undefined {
  return /^[\w ]+\((.+)\)$/s.exec(label)?.[1];
}

/** The one that is called so; several may be, and then nobody can tell. */
export function resourceOf(picture: Picture, label: string): Resource | undefined {
  const name = subjectOf(label);
  const found = picture.resources.filter((resource) => resource.name === name);
  return found.length === 1 ? found[0] : undefined;
}

/** How much of something one holds, and since when the first of it. */
export interface Holding {
  readonly count: number;
  readonly since: number;
}

/** What it holds, it or a scope within its function. */
export function holdingsOf(picture: Picture, tree: Tree, item: Item): { readonly resource: Resource; readonly own: Holding }[] {
  return picture.resources.flatMap((resource) => {
    const own = resource.holders.filter(({ id }) => {
      const holder = tree.items.get(id);
      return holder !== undefined && taskOf(holder) === taskOf(item);
    });
    return own.length === 0 ? [] : [{ resource, own: { count: own.length, since: Math.min(...own.map(({ since }) => since)) } }];
  });
}

/** Who waits for it, and in which function, by what they do: `receive`, `send`, `acquire`. */
export function waitersOf(tree: Tree, { name }: Resource): { readonly what: string; readonly items: readonly Item[]; readonly count: number }[] {
  return ["acquire", "send", "receive", "join"].flatMap((what) => {
    const items = tree.waiting.get(`${what}(${name})`);
    return items === undefined ? [] : [{ what, items: firstOf(items).map(taskOf), count: items.size }];
  });
}

export interface WhyCancelled {
  /** The scope whose cancellation it is: of those around that were cancelled with it, the outermost. */
  readonly whose: Item;
  readonly chain: readonly CauseLink[];
  /** Who it was that failed, where that is known. */
  readonly by: Item | undefined;
}

export function whyCancelled(picture: Picture, item: Item): WhyCancelled | undefined {
  const { cause } = item.seen;
  if (cause === undefined) return undefined;
  const links = picture.causes.get(cause) ?? [];
  // A cancellation says what it was caused by.
  const chain = links.filter(({ text }, at) => at === 0 || !links[at - 1]!.text.endsWith(text));
  let whose = item;
  while (whose.parent !== undefined && whose.parent.seen.cause === cause) whose = whose.parent;
  return { whose, chain, by: chain[0]?.source === "sibling" ? failedChild(whose, chain[0].by!) : undefined };
}

/** The failed task of that name in a group. */
function failedChild({ folds }: Item, name: string): Item | undefined {
  for (const fold of folds?.byDigest.values() ?? []) {
    const [first] = fold.members;
    if (first?.state !== "failed") continue;
    for (const member of fold.members) if (member.seen.name === name) return member;
  }
  return undefined;
}

export function firstOf(items: Iterable<Item>): Item[] {
  const first: Item[] = [];
  for (const item of items) {
    if (first.length >= MOST_NAMED) break;
    first.push(item);
  }
  return first;
}
