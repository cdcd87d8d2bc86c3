/** What is shown, and how much of the time. */
import type { JSX } from "preact";
import { type Sort, sorts } from "../model/state.ts";
import { filter, isPaused, span, until } from "../view.ts";

const spans: readonly (readonly [ms: number, text: string])[] = [
  [2_000, "2 s"],
  [10_000, "10 s"],
  [30_000, "30 s"],
  [120_000, "2 m"],
  [600_000, "10 m"],
];

const short = { running: "running", sleep: "sleep", channel: "channel", lock: "lock, pool", foreign: "wait()", tasks: "its tasks", queued: "its turn", elsewhere: "other" } as const satisfies Partial<Record<Sort, string>>;

export function Toolbar(): JSX.Element {
  return (
    <div class="toolbar">
      <input
        id="filter"
        type="search"
        placeholder="filter ( / ): name, wait, >5s"
        aria-label="filter by name, wait, error or what is held; >5s for what has been as it is for so long"
        value={filter.value.text}
        onInput={({ currentTarget }) => (filter.value = { ...filter.value, text: currentTarget.value })}
        spellcheck={false}
        autocomplete="off"
      />
      <label class="check">
        <input type="checkbox" checked={filter.value.hasEnded} onChange={({ currentTarget }) => (filter.value = { ...filter.value, hasEnded: currentTarget.checked })} />
        ended ones
      </label>
      <button type="button" aria-pressed={isPaused.value} onClick={() => (isPaused.value = !isPaused.value)} title="nothing moves while you read (space)">
        {isPaused.value ? "Go on" : "Pause"}
      </button>
      <ul class="legend" aria-label="what the colours mean">
        {(Object.keys(short) as (keyof typeof short)[]).map((sort) => (
          <li title={sorts[sort]}>
            <i class={`dot ${sort}`} /> {short[sort]}
          </li>
        ))}
        <li title="cancelled: from here on it is on its way out">
          <i class="dot cancelling" /> cancelled
        </li>
      </ul>
      <div class="spans" role="group" aria-label="how much of the time is shown">
        {spans.map(([ms, text]) => (
          <button type="button" aria-pressed={span.value === ms} onClick={() => (span.value = ms)}>
            {text}
          </button>
        ))}
        <button type="button" class="now" aria-pressed={until.value === undefined} onClick={() => (until.value = undefined)} title="go along with the time (n)">
          now
        </button>
      </div>
    </div>
  );
}
