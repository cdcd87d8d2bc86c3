/** Pools, channels and executors: how full they are, who has of them, who waits for them. */
import type { JSX } from "preact";
import { durationText } from "../model/duration.ts";
import { figuresText, fullness, waitingFor } from "../model/figures.ts";
import { waitersOf } from "../model/relations.ts";
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
        <ResourceCard resource={resource} isWhole />
      ))}
      {resources.length > MOST_SHOWN ? <p class="hint">and {resources.length - MOST_SHOWN} more</p> : null}
    </section>
  );
}

export function ResourceCard({ resource, since, isWhole = false }: { readonly resource: Resource; readonly since?: number; readonly isWhole?: boolean }): JSX.Element {
  const { kind, name } = resource;
  const full = fullness(resource);
  const share = full === undefined || full[1] <= 0 ? 0 : Math.min(1, full[0] / full[1]);
  const { tree, now } = current();
  const waiters = waitersOf(tree, resource);
  return (
    <div class={`resource ${share >= 1 && waitingFor(resource) > 0 ? "short" : ""}`}>
      <p>
        <span class="kind">{kind}</span> <b>{name}</b> <span class="figures">{figuresText(resource)}</span>
        {since === undefined ? "" : `, for ${durationText(now - since)}`}
      </p>
      {full === undefined || full[1] <= 0 ? null : <meter min={0} max={Math.max(1, full[1])} value={full[0]} aria-label={`${full[0]} of ${full[1]}`} />}
      {isWhole ? <Holders resource={resource} /> : null}
      {waiters.map(({ what, items, count }) => (
        <p>
          {what}: {count.toLocaleString("en")} {count === 1 ? "waits" : "wait"}: <References items={items} count={count} />
        </p>
      ))}
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
