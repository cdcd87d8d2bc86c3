/** 10,000 tasks that wait once. */
import type { Row } from "../row.ts";
import { rowOf } from "./tiers.ts";

export const row: Row = rowOf(import.meta.url, {
  name: "dispatch",
  board: "10,000 tasks",
  about: "With one await each, started together and waited for.",
  unit: "µs for a task",
  better: "less",
  shown: (micros) => micros,
  ways: [
    { way: "taskGroup", system: "espalier taskGroup", family: "espalier" },
    { way: "Promise.all", system: "Promise.all", family: "platform" },
  ],
  inPython: [{ way: "TaskGroup", system: "asyncio.TaskGroup" }],
  fromGuide: (seconds) => (seconds * 1e6) / 10_000,
  notes: [],
});
