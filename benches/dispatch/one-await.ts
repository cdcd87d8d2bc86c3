/** 10,000 functions that suspend once. */
import { awaiting } from "../core/workload.ts";
import { guideTiers } from "../guide.ts";
import type { Row } from "../row.ts";
import type { Ways } from "../sample.ts";
import { rowOf, waysOf } from "./spawn.ts";

export const ways: Ways = waysOf(awaiting);

export const row: Row = rowOf(import.meta.url, "one-await", {
  board: "A task that waits once",
  about: "10,000 functions with one await each, started together and waited for.",
  notes: [
    "In Python a task waits by sleep(0) or a checkpoint. effection is given 1,000 of them.",
    "The guide has 10,000 coroutines in 0.18 s, and in 0.17 s with the JIT; it does not say how they are started.",
  ],
}, guideTiers("dispatch", (seconds) => (seconds * 1e6) / 10_000));
