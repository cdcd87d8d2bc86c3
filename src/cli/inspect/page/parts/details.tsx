/** All that is known of the selected scope or task. */
import type { ComponentChildren, JSX } from "preact";
import { durationText, momentText } from "../model/duration.ts";
import type { Item } from "../model/item.ts";
import { holdingsOf, resourceOf } from "../model/relations.ts";
import { labelText, sortOf } from "../model/state.ts";
import { segmentsOf } from "../timeline/segments.ts";
import { current, selected, shortened, selectedItem } from "../view.ts";
import { Cancelled } from "./cancelled.tsx";
import { Chain } from "./chain.tsx";
import { cancelledText, sinceText, whereText } from "./line.tsx";
import { Reference } from "./reference.tsx";
import { ResourceCard } from "./resources.tsx";

const STEPS = 12;
/** A shorter moment of running is not listed. */
const SHORTEST_MS = 1;

export function Details(): JSX.Element {
  const { now } = current();
  const item = selectedItem();
  if (selected.value === undefined) return <p class="hint">Select a line to see what it waits for, who has it, and why it was cancelled. Keys: ↑ ↓ select, ← → close and open, / filter, space pause.</p>;
  if (item === undefined) return <p class="hint">It ended too long ago.</p>;
  const { seen, state } = item;
  return (
    <article class="details" aria-label={`details of ${seen.name}`}>
      <Path item={item} />
      <h2>
        {seen.name} <span class="kind">{seen.kind}</span>
        <button type="button" class="close" onClick={() => (selected.value = undefined)} aria-label="close the details" title="close (Esc)">
          ×
        </button>
      </h2>
      <Alike item={item} />
      <dl>
        <Standing item={item} />
      </dl>
      <Chain item={item} />
      <dl>
        <Awaited item={item} />
        <Fact name={item.isAlive ? "since the start" : "took"}>{`${seen.isOlder ? "> " : ""}${durationText((seen.endedAt ?? now) - seen.openedAt)}`}</Fact>
        <Deadline item={item} />
        {seen.error === undefined ? null : <Fact name={state === "failed" ? "failed with" : "error"}><span class="error">{seen.error}</span></Fact>}
        <Holdings item={item} />
        <Places item={item} />
      </dl>
      <Cancelled item={item} />
      <History item={item} />
    </article>
  );
}

function Fact({ name, children }: { readonly name: string; readonly children: ComponentChildren }): JSX.Element {
  return (
    <>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </>
  );
}

/** Where the line is that of several. */
function Alike({ item }: { readonly item: Item }): JSX.Element | null {
  const { fold } = item;
  if (fold === undefined || fold.isOpen || fold.members.size === 1) return null;
  return <p class="hint">One of {fold.members.size.toLocaleString("en")} that are alike: open the line (→) for the others.</p>;
}

function Path({ item }: { readonly item: Item }): JSX.Element {
  const path: Item[] = [];
  for (let at = item.parent; at?.parent !== undefined; at = at.parent) path.unshift(at);
  return (
    <nav class="path" aria-label="what it is in">
      {path.map((at) => (
        <>
          <Reference item={at} /> ›{" "}
        </>
      ))}
    </nav>
  );
}

/** How it is, and since when. */
function Standing({ item }: { readonly item: Item }): JSX.Element {
  const { state, wait } = item;
  const { now } = current();
  if (!item.isAlive) return <Fact name="state">{`${state}, ${durationText(now - item.since)} ago`}</Fact>;
  return (
    <Fact name="state">
      {state === "cancelling" ? <b class="cancelling">{cancelledText(item)} </b> : null}
      {wait === "" ? "running, or awaiting something that knows no scope" : "waiting for "}
      {wait === "" ? null : (
        <b>
          <i class={`dot ${sortOf(wait)}`} /> {labelText(wait)}
        </b>
      )}
      {whereText(item)}, for {sinceText(item)}
    </Fact>
  );
}

/** The pool or channel that it waits for. */
function Awaited({ item }: { readonly item: Item }): JSX.Element | null {
  const resource = item.isAlive && item.wait !== "" ? resourceOf(current().picture, item.wait) : undefined;
  if (resource === undefined) return null;
  return (
    <Fact name={resource.kind}>
      <ResourceCard resource={resource} />
    </Fact>
  );
}

/** The time limit that holds for it: its own, or one further out. */
function Deadline({ item }: { readonly item: Item }): JSX.Element | null {
  const { now } = current();
  let whose: Item | undefined;
  for (let at: Item | undefined = item; at !== undefined; at = at.seen.kind === "shield" ? undefined : at.parent) {
    if (at.seen.deadline !== undefined && at.seen.deadline < (whose?.seen.deadline ?? Infinity)) whose = at;
  }
  if (whose === undefined || !item.isAlive) return null;
  const left = whose.seen.deadline! - now;
  return (
    <Fact name="deadline">
      {left > 0 ? `in ${durationText(left)}` : "passed"}
      {whose === item ? "" : ", of "}
      {whose === item ? null : <Reference item={whose} />}
    </Fact>
  );
}

/** In debug mode the lines of the program. They are told when they are asked for: until then they have their room. */
function Places({ item }: { readonly item: Item }): JSX.Element | null {
  const places = current().picture.places.get(item.seen.id);
  if (places === undefined && !item.isAlive) return null;
  const text = (place: string | undefined): string => (place !== undefined ? shortened(place) : places === undefined ? "…" : "not known");
  return (
    <>
      <Fact name="started at"><code class="place">{text(places?.started)}</code></Fact>
      {item.isAlive ? <Fact name="stands at"><code class="place long">{text(places?.stands)}</code></Fact> : null}
    </>
  );
}

function Holdings({ item }: { readonly item: Item }): JSX.Element | null {
  const { picture, tree } = current();
  const holdings = item.isAlive ? holdingsOf(picture, tree, item) : [];
  if (holdings.length === 0) return null;
  return (
    <Fact name="holds">
      {holdings.map(({ resource, own }) => (
        <ResourceCard resource={resource} own={own} />
      ))}
    </Fact>
  );
}

/** What it did last. */
function History({ item }: { readonly item: Item }): JSX.Element | null {
  const { now } = current();
  const segments = segmentsOf(item, 0, Infinity, now).filter(({ from, to, label }) => label !== "" || to - from >= SHORTEST_MS);
  return (
    <section>
      <h3>What it did last</h3>
      <ol class="history">
        {segments
          .slice(-STEPS)
          .toReversed()
          .map(({ from, to, label }) => (
            <li>
              <span class="moment">{momentText(from, 10)}</span>
              <i class={`dot ${sortOf(label)}`} />
              <span>{labelText(label)}</span>
              <span class="since">{durationText(to - from)}</span>
            </li>
          ))}
      </ol>
    </section>
  );
}
