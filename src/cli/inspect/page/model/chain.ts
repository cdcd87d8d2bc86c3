/**
 * Why somebody does not get on: what it waits for is held by somebody who waits for something that is held … Each step is what is known; where nobody knows
 * who will come, it says so and ends.
 */
import type { Picture } from "../../../../inspect/watch/picture.ts";
import type { Resource } from "../../../../inspect/watch/wire.ts";
import { type Item, taskOf } from "./item.ts";
import { firstOf, type Holding, holdingsOf, MOST_NAMED, resourceOf, subjectOf, waitersOf } from "./relations.ts";
import { sortOf } from "./state.ts";
import type { Tree } from "./tree.ts";

/** A step of the way. */
export type Link =
  /** It waits for what these hold. */
  | { readonly kind: "held"; readonly item: Item; readonly resource: Resource; readonly holders: readonly Item[] }
  /** It waits for its turn in a group, all places of which are taken. */
  | { readonly kind: "turn"; readonly item: Item; readonly turn: Turn }
  /** It waits for the other end of a channel, and who has that nobody can tell. */
  | { readonly kind: "channel"; readonly item: Item; readonly what: "receive" | "send"; readonly name: string; readonly resource: Resource | undefined }
  /** And it holds what others wait for meanwhile. */
  | { readonly kind: "holds"; readonly item: Item; readonly resource: Resource; readonly own: Holding; readonly waiters: readonly Item[]; readonly count: number }
  /** The last one: it sleeps, runs, or waits for what nobody can tell more of. */
  | { readonly kind: "last"; readonly item: Item };

export interface Chain {
  readonly links: readonly Link[];
  /** The last link leads back to this one. */
  readonly round: Item | undefined;
}

/** The places of a group, and who has them. */
export interface Turn {
  readonly group: Item;
  readonly taken: readonly Item[];
  readonly count: number;
}

/** Whose turn it is, while it is not that of `item`: as long as anybody waits for a place, all of them are taken. */
export function turnOf({ wait, parent }: Item): Turn | undefined {
  if (wait !== "place" || parent === undefined) return undefined;
  const taken: Item[] = [];
  let count = 0;
  for (const { members } of parent.folds?.byDigest.values() ?? []) {
    const [first] = members;
    if (first === undefined || !first.isAlive || first.seen.kind !== "task" || first.wait === "place") continue;
    count += members.size;
    if (taken.length < MOST_NAMED) taken.push(...firstOf(members));
  }
  return { group: parent, taken: taken.slice(0, MOST_NAMED), count };
}

export function chainOf(picture: Picture, tree: Tree, item: Item): Chain {
  const links: Link[] = [];
  const passed = new Set<Item>();
  let round: Item | undefined;
  for (let at: Item | undefined = item; at !== undefined && links.length < MOST_NAMED; ) {
    passed.add(taskOf(at));
    const link = linkOf(picture, tree, at);
    // That it waits for itself alone says nothing.
    if (link.kind === "last" && links.length === 0) break;
    links.push(link);
    if (link.kind === "channel") links.push(...meanwhile(picture, tree, at, passed));
    const next = link.kind === "held" ? link.holders : link.kind === "turn" ? link.turn.taken : [];
    round = next.map(taskOf).find((holder) => passed.has(holder));
    at = round === undefined ? (next.find(isStuck) ?? next[0]) : undefined;
  }
  return { links, round };
}

function linkOf(picture: Picture, tree: Tree, item: Item): Link {
  const { wait } = item;
  const turn = turnOf(item);
  if (turn !== undefined && turn.count > 0) return { kind: "turn", item, turn };
  const resource = resourceOf(picture, wait);
  const holders = resource?.holders.flatMap(({ id }) => tree.items.get(id) ?? []) ?? [];
  if (resource !== undefined && holders.length > 0) return { kind: "held", item, resource, holders };
  const [, what] = /^(receive|send)\(/.exec(wait) ?? [];
  const isOne = item.seen.waits.length <= 1;
  if ((what === "receive" || what === "send") && isOne) return { kind: "channel", item, what, name: subjectOf(wait) ?? "", resource };
  return { kind: "last", item };
}

/** What it holds while it waits for nobody knows whom, and who waits for that: those that the way came from first. */
function meanwhile(picture: Picture, tree: Tree, item: Item, passed: ReadonlySet<Item>): Link[] {
  for (const { resource, own } of holdingsOf(picture, tree, item)) {
    const waiting = waitersOf(tree, resource);
    if (waiting.length === 0) continue;
    const waiters = waiting.flatMap(({ items }) => items).toSorted((a, b) => Number(passed.has(b)) - Number(passed.has(a)));
    return [{ kind: "holds", item, resource, own, waiters, count: waiting.reduce((sum, { count }) => sum + count, 0) }];
  }
  return [];
}

/** It gets on by nobody's doing but another's. */
function isStuck({ wait }: Item): boolean {
  const sort = sortOf(wait);
  return sort !== "running" && sort !== "sleep" && sort !== "skipped";
}
