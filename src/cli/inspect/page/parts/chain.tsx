/** Why it does not get on: who has what it waits for, and what they wait for. */
import type { JSX } from "preact";
import { chainOf, type Link } from "../model/chain.ts";
import { fullness } from "../model/figures.ts";
import type { Item } from "../model/item.ts";
import { labelText, sortOf } from "../model/state.ts";
import { current } from "../view.ts";
import { Reference, References } from "./reference.tsx";

export function Chain({ item }: { readonly item: Item }): JSX.Element | null {
  const { picture, tree } = current();
  const { links, round } = chainOf(picture, tree, item);
  if (links.length === 0 || !item.isAlive) return null;
  return (
    <section class="why">
      <h3>Why it does not get on</h3>
      <ol>
        {links.map((link) => (
          <li>
            <Step link={link} />
          </li>
        ))}
      </ol>
      {round === undefined ? null : (
        <p class="error">
          A circle: that is <Reference item={round} /> again. None of them gets on unless one gives back what it has.
        </p>
      )}
    </section>
  );
}

function Step({ link }: { readonly link: Link }): JSX.Element {
  const { item } = link;
  if (link.kind === "last") {
    return (
      <>
        <Reference item={item} /> {doingOf(item)}
        {sortOf(item.wait) === "running" || sortOf(item.wait) === "sleep" ? "." : ": more is not known."}
      </>
    );
  }
  if (link.kind === "held") {
    return (
      <>
        <Reference item={item} /> waits for the {link.resource.kind} <b>{link.resource.name}</b>, held by
        <Holders holders={link.holders} />
      </>
    );
  }
  if (link.kind === "turn") {
    const { group, taken, count } = link.turn;
    return (
      <>
        <Reference item={item} /> waits for its turn: {count} of {count} places of <Reference item={group} /> are taken, by
        <Holders holders={taken} more={count - taken.length} />
      </>
    );
  }
  if (link.kind === "holds") {
    const { resource, own, waiters, count } = link;
    const most = fullness(resource)?.[1] ?? -1;
    return (
      <>
        Meanwhile <Reference item={item} /> holds {own.count} {most > 0 ? `of ${most} ` : ""}of <b>{resource.name}</b>, for which {count === 1 ? "waits" : "wait"} <References items={waiters} count={count} />. If{" "}
        {count === 1 ? "that is" : "one of them is"} the other end, it is a circle.
      </>
    );
  }
  const end = link.what === "receive" ? "sender" : "receiver";
  return (
    <>
      <Reference item={item} /> waits {link.what === "receive" ? "for a message on" : "until somebody receives from"} <b>{link.name}</b>
      {silenceOf(link.resource?.figures[`${end}s`], link.what)}. Who has the {end} is not known: it belongs to no task.
    </>
  );
}

function silenceOf(ends: number | undefined, what: "receive" | "send"): string {
  const done = what === "receive" ? "sent" : "received";
  const end = what === "receive" ? "sender" : "receiver";
  return ends === undefined ? "" : ends === 1 ? `; its one ${end} has not ${done}` : `; none of its ${ends} ${end}s has ${done}`;
}

function Holders({ holders, more = 0 }: { readonly holders: readonly Item[]; readonly more?: number }): JSX.Element {
  return (
    <ul>
      {holders.map((holder) => (
        <li>
          <Reference item={holder} />, which {doingOf(holder)}
        </li>
      ))}
      {more > 0 ? <li class="hint">and {more.toLocaleString("en")} more</li> : null}
    </ul>
  );
}

function doingOf({ wait }: Item): string {
  const sort = sortOf(wait);
  return sort === "running" ? "runs" : sort === "sleep" ? "sleeps" : `waits for ${labelText(wait)}`;
}
