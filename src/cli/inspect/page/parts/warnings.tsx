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
              <span class="moment">{momentText(at, 10)}</span> <pre>{shortened(text)}</pre>
            </li>
          ))}
      </ol>
    </section>
  );
}
