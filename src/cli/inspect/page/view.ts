/** What the page shows, and how: its model, and what the user has chosen. Components read it, and are drawn anew when it changes. */
import { type Signal, signal } from "@preact/signals";
import { Picture } from "../../../inspect/watch/picture.ts";
import type { PageMessage } from "../server/message.ts";
import { programNow } from "./clock.ts";
import { everything, type Filter } from "./model/filter.ts";
import type { Item } from "./model/item.ts";
import { reveal, type Row } from "./model/rows.ts";
import { Tree } from "./model/tree.ts";

export interface Model {
  readonly picture: Picture;
  readonly tree: Tree;
}

export function newModel(): Model {
  const picture = new Picture();
  return { picture, tree: new Tree(picture) };
}

/** Another one after each connection: what is known begins anew with it. */
export const model: Signal<Model> = signal(newModel());
export const rows: Signal<readonly Row[]> = signal([]);
/** Raised some times a second: whoever shows times and figures reads it. */
export const beat: Signal<number> = signal(0);
export const program: Signal<Omit<PageMessage, "batch">> = signal({ status: "connecting", blockedFor: 0 });
export const isConnected: Signal<boolean> = signal(false);

export const filter: Signal<Filter> = signal(everything);
export const selected: Signal<number | undefined> = signal(undefined);
export const isPaused: Signal<boolean> = signal(false);
/** How many ms the timeline shows. */
export const span: Signal<number> = signal(30_000);
/** Where it ends; `undefined` where it goes along with the time. */
export const until: Signal<number | undefined> = signal(undefined);

/** What is known at the moment, for a component: it is drawn anew some times a second, for all of it changes in place. */
export function current(): Model & { readonly now: number } {
  void beat.value;
  return { ...model.value, now: programNow() };
}

/** Paths without the folder of the program. */
export function shortened(text: string): string {
  const { cwd = "" } = program.value.identity ?? {};
  return cwd === "" ? text : text.replaceAll(`${cwd}/`, "");
}

export function selectedItem(): Item | undefined {
  return selected.value === undefined ? undefined : model.value.tree.items.get(selected.value);
}

/** Selects an item, and lets there be a line for it. */
export function show(id: number): void {
  const item = model.value.tree.items.get(id);
  if (item === undefined) return;
  // What the filter hides is shown by showing all.
  if (item.matching === 0) filter.value = everything;
  reveal(item);
  selected.value = id;
  wantedLine.value = id;
}

/** The item whose line is to be scrolled to. */
export const wantedLine: Signal<number | undefined> = signal(undefined);
