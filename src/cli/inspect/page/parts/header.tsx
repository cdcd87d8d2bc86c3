/** The head of the page: which program it is, how it is, how many tasks are in which state, how late its event loop is. */
import type { JSX } from "preact";
import { durationText } from "../model/duration.ts";
import { type State, states } from "../model/state.ts";
import { current, filter, isConnected, isPaused, program } from "../view.ts";
import { DelayChart } from "./delay-chart.tsx";

export function Header(): JSX.Element {
  const { identity } = program.value;
  return (
    <header class="header">
      <div class="title">
        <h1 title={identity?.command}>{identity === undefined ? "espalier" : fileOf(identity.command)}</h1>
        <p>{identity === undefined ? "" : `${identity.runtime}, process ${identity.pid}`}</p>
      </div>
      <Condition />
      <Warned />
      <Counts />
      <DelayChart />
    </header>
  );
}

/** How it is, in a word. */
function Condition(): JSX.Element {
  current();
  const { status, blockedFor, exitCode } = program.value;
  const [kind, text] = isPaused.value
    ? ["paused", "paused"]
    : !isConnected.value
      ? ["bad", "espalier inspect has ended"]
      : status === "over"
        ? ["over", exitCode === undefined ? "the program has ended" : `ended with code ${exitCode}`]
        : status === "blocked"
          ? ["bad", `event loop blocked for ${durationText(blockedFor)}`]
          : status === "live"
            ? ["live", "live"]
            : ["paused", "connecting"];
  return (
    <span class={`condition ${kind}`} role="status">
      {text}
    </span>
  );
}

/** That there are warnings: they are further down. */
function Warned(): JSX.Element | null {
  const { length } = current().picture.warnings;
  if (length === 0) return null;
  return (
    <button type="button" class="warned" onClick={() => document.querySelector("#warnings")?.scrollIntoView({ behavior: "smooth" })}>
      {length === 1 ? "1 warning" : `${length} warnings`}
    </button>
  );
}

/** The number of tasks in each state; pressed, only these are shown. */
function Counts(): JSX.Element {
  const { tree, picture } = current();
  const later = tree.isSifting ? "filtering" : picture.behind > 0 ? `${picture.behind.toLocaleString("en")} to come` : "";
  return (
    <div class="counts" role="group" aria-label="tasks by state">
      {states.map((state) => (
        <button type="button" class={`count ${state}`} aria-pressed={filter.value.states.has(state)} disabled={tree.counts[state] === 0 && !filter.value.states.has(state)} onClick={() => toggleState(state)} title={`show only tasks that are ${state}`}>
          <b>{tree.counts[state].toLocaleString("en")}</b> {state}
        </button>
      ))}
      <span class="later">{later}</span>
    </div>
  );
}

function toggleState(state: State): void {
  const chosen = new Set(filter.value.states);
  if (!chosen.delete(state)) chosen.add(state);
  filter.value = { ...filter.value, states: chosen };
}

function fileOf(command: string): string {
  const [program = "", ...args] = command.split(" ");
  return [program.split("/").at(-1), ...args].join(" ");
}
