/** Pools, channels and executors: how full they are, who has of them, who waits for them. */
import type { JSX } from "preact";
import { durationText, momentText } from "../model/duration.ts";
import { figuresText, fullness, isFull, waitingFor } from "../model/figures.ts";
import { type Holding, waitersOf } from "../model/relations.ts";
import type { Resource } from "../../../../inspect/watch/wire.ts";
import { current } from "../view.ts";
import { Reference, References } from "./reference.tsx";

const MOST_SHOWN = 50;

export function Resources(): JSX.Element | null {
  const { resources } = current().picture;
  if (resources.length === 0) return null;
  // Where somebody waits comes first.
  const sorted = resources.toSorted((a, b) => waitingFor(b) - waitingFor(a));
  return (
    <section class="resources">
      <h2>Pools, channels, limits</h2>
      {sorted.slice(0, MOST_SHOWN).map((resource) => (
        <ResourceCard resource={resource} />
      ))}
      {resources.length > MOST_SHOWN ? <p class="hint">and {resources.length - MOST_SHOWN} more</p> : null}
    </section>
  );
}

export interface ResourceCardProps {
  readonly resource: Resource;
  /** What the selected one holds of it: that is told in place of what all hold. */
  readonly own?: Holding;
}

export function ResourceCard({ resource, own }: ResourceCardProps): JSX.Element {
  const { kind, name } = resource;
  const isShort = isFull(resource) && waitingFor(resource) > 0;
  const waiters = waitersOf(current().tree, resource);
  return (
    <div class={`resource ${isShort ? "short" : ""}`}>
      <p>
        <span class="kind">{kind}</span> <b>{name}</b>
      </p>
      <p class="figures">{own === undefined ? figuresText(resource) : ownText(resource, own)}</p>
      {own === undefined ? <Meter resource={resource} /> : null}
      {own === undefined ? <Holders resource={resource} /> : null}
      {waiters.map(({ what, items, count }) => (
        <p>
          {what}: {count.toLocaleString("en")} {count === 1 ? "waits" : "wait"}: <References items={items} count={count} />
        </p>
      ))}
    </div>
  );
}

function ownText(resource: Resource, { count, since }: Holding): string {
  const most = fullness(resource)?.[1] ?? -1;
  return `${count}${most > 0 ? ` of ${most}` : ""}, since ${momentText(since, 10)}, for ${durationText(current().now - since)}`;
}

function Meter({ resource }: { readonly resource: Resource }): JSX.Element | null {
  const full = fullness(resource);
  if (full === undefined || full[1] <= 0) return null;
  const [taken, most] = full;
  return (
    <div class={`meter ${isFull(resource) ? "full" : ""}`} role="meter" aria-valuemin={0} aria-valuemax={most} aria-valuenow={taken} aria-label={`${taken} of ${most}`}>
      <i style={{ width: `${100 * Math.min(1, taken / most)}%` }} />
    </div>
  );
}

function Holders({ resource }: { readonly resource: Resource }): JSX.Element | null {
  const { tree, now } = current();
  const holders = resource.holders.flatMap(({ id, since }) => {
    const item = tree.items.get(id);
    return item === undefined ? [] : [{ item, since }];
  });
  if (holders.length === 0) return null;
  return (
    <p>
      held by{" "}
      {holders.map(({ item, since }, at) => (
        <>
          {at > 0 ? ", " : ""}
          <Reference item={item} /> for {durationText(now - since)}
        </>
      ))}
    </p>
  );
}
