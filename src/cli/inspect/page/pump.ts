/**
 * Brings what the server tells into the model, and the model into view: some of it in each frame.
 *
 * Invariants
 *   1. A frame takes at most `STEPS` steps of the tree (and those of one change more), and makes at most `MOST_ROWS` lines, however much there
 *      is to be told: what is left is for the next frame.
 *   2. While nobody looks (paused, or another tab is in front) nothing is received: afterwards all begins anew.
 */
import { effect } from "@preact/signals";
import type { PageMessage } from "../server/message.ts";
import { forgetClock, hear } from "./clock.ts";
import { rowsOf } from "./model/rows.ts";
import { beat, filter, isConnected, isPaused, model, newModel, program, rows, selected } from "./view.ts";

export const STEPS = 6_000;
const ROWS_MS = 120;
const SIFT_MS = 1_000;
const WANT_MS = 1_000;

/** What a frame took, at most, since the page was opened, and the last of them in ms: for its tests, and for whoever doubts. */
export const most: { steps: number; rows: number; segments: number; frames: number; waiting: number; readonly took: number[] } = { steps: 0, rows: 0, segments: 0, frames: 0, waiting: 0, took: [] };
const TOOK = 600;

interface Told {
  readonly message: PageMessage;
  /** How many of its changes were applied. */
  at: number;
}

let source: EventSource | undefined;
let inbox: Told[] = [];
let drawnVersion = -1;
let drawnAt = 0;
let siftedAt = 0;
let onFrame: (now: number) => void = () => {};

/** Begins, and calls `draw` in each frame. */
export function startPump(draw: (now: number) => void): void {
  onFrame = draw;
  const tune = (): void => {
    if (document.hidden || isPaused.value) disconnect();
    else connect();
  };
  effect(tune);
  document.addEventListener("visibilitychange", tune);
  effect(() => model.value.tree.filter(filter.value));
  setInterval(want, WANT_MS);
  // At once for who is selected now.
  effect(want);
  const frame = (now: number): void => {
    requestAnimationFrame(frame);
    const from = performance.now();
    pump(now);
    onFrame(now);
    if (most.took.push(performance.now() - from) > TOOK) most.took.shift();
  };
  requestAnimationFrame(frame);
}

function connect(): void {
  if (source !== undefined) return;
  source = new EventSource("events");
  source.addEventListener("open", () => {
    inbox = [];
    forgetClock();
    model.value = newModel();
    isConnected.value = true;
  });
  source.addEventListener("error", () => (isConnected.value = false));
  source.addEventListener("message", ({ data }: MessageEvent<string>) => {
    const message = JSON.parse(data) as PageMessage;
    hear(message.batch.at, message.status !== "over");
    inbox.push({ message, at: 0 });
  });
}

function disconnect(): void {
  source?.close();
  source = undefined;
  inbox = [];
}

function pump(now: number): void {
  const { tree } = model.value;
  const before = tree.work;
  apply(before + STEPS);
  if (tree.isTimed && now - siftedAt > SIFT_MS && !tree.isSifting) {
    siftedAt = now;
    tree.resift();
  }
  tree.sift(Math.max(1, before + STEPS - tree.work));
  most.frames++;
  most.steps = Math.max(most.steps, tree.work - before);
  most.waiting = Math.max(most.waiting, inbox.length);
  if (now - drawnAt < ROWS_MS) return;
  drawnAt = now;
  tree.hold();
  beat.value++;
  if (tree.version === drawnVersion) return;
  drawnVersion = tree.version;
  drawRows();
}

/** Makes the lines anew: after somebody has opened one, at once. */
export function drawRows(): void {
  rows.value = rowsOf(model.value.tree);
  most.rows = Math.max(most.rows, rows.value.length);
}

function apply(until: number): void {
  const { picture, tree } = model.value;
  while (tree.work < until) {
    const told = inbox[0];
    if (told === undefined) return;
    const { batch, ...state } = told.message;
    const { changes, ...rest } = batch;
    if (told.at === 0) picture.note(rest);
    while (told.at < changes.length && tree.work < until) picture.merge(changes[told.at++]!);
    if (told.at < changes.length) return;
    program.value = state;
    inbox.shift();
  }
}

/** Asks where the selected one was started and stands. */
function want(): void {
  if (selected.value === undefined || source === undefined) return;
  fetch(`want?ids=${selected.value}`, { method: "POST" }).catch(() => {
    // The server is gone: the connection tells that.
  });
}
