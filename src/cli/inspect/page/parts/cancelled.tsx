/** Why it was cancelled: whose cancellation it is, and what caused that. */
import type { JSX } from "preact";
import { durationText, momentText } from "../model/duration.ts";
import type { Item } from "../model/item.ts";
import { whyCancelled } from "../model/relations.ts";
import { current } from "../view.ts";
import { Reference } from "./reference.tsx";

export function Cancelled({ item }: { readonly item: Item }): JSX.Element | null {
  const { picture, now } = current();
  const about = item.seen.cause === undefined ? (item.cancelledInner ?? item) : item;
  const why = whyCancelled(picture, about);
  if (why === undefined) return null;
  const { whose, chain, by } = why;
  const { cancelledAt, endedAt } = about.seen;
  return (
    <section class="why">
      <h3>Why {about === item ? "it" : about.seen.name} was cancelled</h3>
      <ol>
        <li>
          {about === whose ? "It was cancelled itself" : "It was cancelled with "}
          {about === whose ? null : <Reference item={whose} />}
          {cancelledAt === undefined ? "" : ` at ${momentText(cancelledAt, 10)}`}
          {cancelledAt === undefined ? "" : endedAt === undefined ? `, and has not ended ${durationText(now - cancelledAt)} later` : `, and ended ${durationText(endedAt - cancelledAt)} later`}
        </li>
        {chain.map(({ text, source }, at) => (
          <li>
            because {source === undefined || at > 0 ? "of " : ""}
            <span class="error">{text}</span>
            {at === 0 && by !== undefined ? (
              <>
                {" "}
                (<Reference item={by} />)
              </>
            ) : null}
          </li>
        ))}
      </ol>
    </section>
  );
}
