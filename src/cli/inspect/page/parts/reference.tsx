/** The name of a scope or task, which leads to its line. */
import type { JSX } from "preact";
import type { Item } from "../model/item.ts";
import { show } from "../view.ts";

export function Reference({ item }: { readonly item: Item }): JSX.Element {
  return (
    <button type="button" class="reference" onClick={() => show(item.seen.id)} title={`${item.seen.kind} ${item.seen.name}`}>
      {item.seen.name}
    </button>
  );
}

/** Several of them, and how many more. */
export function References({ items, count = items.length }: { readonly items: readonly Item[]; readonly count?: number }): JSX.Element {
  return (
    <>
      {items.map((item, at) => (
        <>
          {at > 0 ? ", " : ""}
          <Reference item={item} />
        </>
      ))}
      {count > items.length ? ` and ${(count - items.length).toLocaleString("en")} more` : ""}
    </>
  );
}
