/** Why it does not get on: who has what it waits for, and what they wait for. */
import type { JSX } from "preact";
import type { Item } from "../model/item.ts";
import { chainOf } from "../model/relations.ts";
import { current } from "../view.ts";
import { Reference } from "./reference.tsx";

export function Chain({ item }: { readonly item: Item }): JSX.Element | null {
  const { picture, tree } = current();
  const { links, isCircle } = chainOf(picture, tree, item);
  if (links.length === 0 || !item.isAlive) return null;
  return (
    <section class="why">
      <h3>Why it does not get on</h3>
      <ol>
        {links.map(({ item: waiter, resource, holders }) => (
          <li>
            <Reference item={waiter} /> waits for the {resource.kind} <b>{resource.name}</b>, held by
            <ul>
              {holders.map((holder) => (
                <li>
                  <Reference item={holder} /> {holder.wait === "" ? "which runs" : `which waits for ${holder.wait}`}
                </li>
              ))}
            </ul>
          </li>
        ))}
      </ol>
      {isCircle ? <p class="error">It comes round: none of them gets on unless one gives back what it has.</p> : null}
    </section>
  );
}
