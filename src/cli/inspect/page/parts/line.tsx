/** One line of the tree. */
import type { JSX } from "preact";
import { programNow } from "../clock.ts";
import { durationText } from "../model/duration.ts";
import type { Item } from "../model/item.ts";
import { isMore, type ItemRow, type MoreRow, type Row, toggle } from "../model/rows.ts";
import { subjectOf } from "../model/relations.ts";
import { labelText, sortOf } from "../model/state.ts";
import { drawRows } from "../pump.ts";
import { current, selected } from "../view.ts";
import { kindOfName } from "../../../../inspect/alike.ts";

/** So much further in is each level. */
const INDENT = 14;

export interface LineProps {
  readonly row: Row;
  readonly at: number;
  readonly top: number;
}

export function Line({ row, at, top }: LineProps): JSX.Element {
  const style = { top: `${top}px` };
  return isMore(row) ? <More row={row} at={at} style={style} /> : <Entry row={row} at={at} style={style} />;
}

interface Placed {
  readonly at: number;
  readonly style: { readonly top: string };
}

function Entry({ row, at, style }: Placed & { readonly row: ItemRow }): JSX.Element {
  current();
  const { item, depth, fold, isOpen, canOpen } = row;
  const { seen, state } = item;
  const isSelected = seen.id === selected.value;
  return (
    <div
      id={`line-${at}`}
      class={`line ${state} ${isSelected ? "selected" : ""} ${item.isAlive ? "" : "ended"}`}
      style={style}
      role="row"
      aria-level={depth + 1}
      aria-rowindex={at + 1}
      aria-selected={isSelected}
      {...(canOpen ? { "aria-expanded": isOpen } : {})}
      onClick={() => (selected.value = seen.id)}
      onDblClick={() => open(row)}
    >
      <span class="name" role="gridcell" style={{ paddingLeft: `${6 + depth * INDENT}px` }}>
        <button type="button" class="twisty" tabIndex={-1} aria-hidden="true" disabled={!canOpen} onClick={(event) => openAlone(event, row)}>
          {canOpen ? (isOpen ? "▾" : "▸") : ""}
        </button>
        {fold === undefined ? null : <b class="times">{fold.members.size.toLocaleString("en")} ×</b>}
        <span class="label" title={seen.name}>
          {fold === undefined ? seen.name : commonName(item)}
        </span>
        {item.isAlive && item.holds.length > 0 ? (
          <span class="badge" title={`holds ${item.holds.join(", ")}`}>
            holds {item.holds.join(", ")}
          </span>
        ) : null}
        {seen.kind === "task" || seen.kind === seen.name ? null : <span class="kind">{seen.kind}</span>}
      </span>
      <Wait item={item} />
      <span class="since" role="gridcell" title={item.isSinceBefore ? "it was so before anybody watched" : undefined}>
        {sinceText(item)}
      </span>
    </div>
  );
}

/** What equal ones are called: `job #`, where they are numbered. */
function commonName({ seen, fold }: Item): string {
  for (const member of fold?.members ?? []) if (member.seen.name !== seen.name) return kindOfName(seen.name);
  return seen.name;
}

function Wait({ item }: { readonly item: Item }): JSX.Element {
  current();
  const { state, wait, seen } = item;
  const isOver = !item.isAlive;
  const text = isOver ? (state === "failed" ? (seen.error ?? "failed") : state) : labelText(wait);
  const where = whereText(item);
  return (
    <span class="wait" role="gridcell" title={`${text}${where}`}>
      <i class={`dot ${isOver ? state : sortOf(seen.kind === "task" || wait !== "" ? wait : "")}`} />
      {state === "cancelling" ? <b class="cancelling">{cancelledText(item)} </b> : null}
      <span class="what">{text}</span>
      {wait === "" ? null : <span class="via">{where}</span>}
    </span>
  );
}

/** What of it was cancelled: all, or a scope that it opened. */
export function cancelledText({ seen, leaving }: Item): string {
  return seen.cancelledAt === undefined ? `${leaving} cancelled,` : "cancelled,";
}

/** In which scope of its own it waits, or for a place of which group; what the name of the wait says already is left out. */
export function whereText({ via, wait, parent }: Item): string {
  if (wait === "place" && via === "") return parent === undefined ? "" : ` in ${parent.seen.name}`;
  return via === "" || via === subjectOf(wait) ? "" : ` in ${via}`;
}

export function sinceText(item: Item): string {
  const { seen } = item;
  return seen.endedAt === undefined ? `${item.isSinceBefore ? ">\u00a0" : ""}${durationText(programNow() - item.since)}` : durationText(seen.endedAt - seen.openedAt);
}

function More({ row, at, style }: Placed & { readonly row: MoreRow }): JSX.Element {
  return (
    <div id={`line-${at}`} class="line more" style={style} role="row" aria-level={row.depth + 1} aria-rowindex={at + 1}>
      <span class="name" role="gridcell" style={{ paddingLeft: `${24 + row.depth * INDENT}px` }}>
        <button type="button" tabIndex={-1} onClick={() => open(row)}>
          and {row.more.toLocaleString("en")} more …
        </button>
      </span>
    </div>
  );
}

/** Opens a line without selecting it. */
function openAlone(event: Event, row: Row): void {
  event.stopPropagation();
  open(row);
}

export function open(row: Row): void {
  toggle(row);
  drawRows();
}
