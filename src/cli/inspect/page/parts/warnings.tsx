/** What the library has warned of, while the program was watched. */
import type { JSX } from "preact";
import { momentText } from "../model/duration.ts";
import { current, shortened } from "../view.ts";

const MOST_SHOWN = 20;

export function Warnings(): JSX.Element | null {
  const { warnings } = current().picture;
  if (warnings.length === 0) return null;
  return (
    <section class="warnings" id="warnings">
      <h2>Warnings</h2>
      <ol>
        {warnings
          .slice(-MOST_SHOWN)
          .toReversed()
          .map(({ at, text }) => (
            <li>
              <span class="moment">at {momentText(at, 10)}, as it was at that time</span>
              <Text text={shortened(text)} />
            </li>
          ))}
      </ol>
    </section>
  );
}

/** What was seen, and below it what is known of it by name, as debug mode writes it. */
function Text({ text }: { readonly text: string }): JSX.Element {
  const known: [name: string, value: string][] = [];
  const seen: string[] = [];
  for (const line of text.split("\n")) {
    const [, name, value] = /^ {2}(task|started|stood|to do) {2,}(.+)$/.exec(line) ?? [];
    if (name === undefined) seen.push(line);
    else known.push([name, value!]);
  }
  return (
    <>
      {seen.map((line) => (
        <p>{line}</p>
      ))}
      <dl>
        {known.map(([name, value]) => (
          <>
            <dt class={name === "to do" ? "wide" : ""}>{name}</dt>
            <dd class={name === "to do" ? "wide" : ""}>{value}</dd>
          </>
        ))}
      </dl>
    </>
  );
}
