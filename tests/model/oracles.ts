/** All that a run is judged by, in the order of the guarantees, and the combinators after them. */
import { a01 } from "./oracles/a01-results.ts";
import { a02 } from "./oracles/a02-losers.ts";
import { a13 } from "./oracles/a13-discards.ts";
import { g01 } from "./oracles/g01-outlives.ts";
import { g02 } from "./oracles/g02-siblings.ts";
import { g03 } from "./oracles/g03-errors.ts";
import { g04 } from "./oracles/g04-level.ts";
import { g05Absorbs } from "./oracles/g05-absorbs.ts";
import { g05Reach } from "./oracles/g05-reach.ts";
import { g06 } from "./oracles/g06-shapes.ts";
import { g07 } from "./oracles/g07-errors-first.ts";
import { g08 } from "./oracles/g08-handed-over.ts";
import { g09 } from "./oracles/g09-first-cause.ts";
import { g10 } from "./oracles/g10-limits.ts";
import { g11 } from "./oracles/g11-group-value.ts";
import { g12 } from "./oracles/g12-spawn.ts";
import { g13 } from "./oracles/g13-accepts.ts";
import { g14 } from "./oracles/g14-daemons.ts";
import { g15 } from "./oracles/g15-start.ts";
import { g16 } from "./oracles/g16-forgotten.ts";
import { g17 } from "./oracles/g17-ended.ts";
import { g18 } from "./oracles/g18-time.ts";
import { g19 } from "./oracles/g19-on-cancel.ts";
import { g23 } from "./oracles/g23-cleanups.ts";
import { g24 } from "./oracles/g24-self-join.ts";
import { vacancy } from "./oracles/l31-vacancy.ts";
import { mapItems } from "./oracles/map-items.ts";
import type { Oracle } from "./oracles/oracle.ts";
import { released } from "./oracles/released.ts";
import { tasks } from "./oracles/tasks.ts";

export const oracles: readonly Oracle[] = [
  g01,
  g02,
  g03,
  g04,
  released,
  g05Reach,
  g05Absorbs,
  tasks,
  g06,
  g07,
  g08,
  g09,
  g10,
  g11,
  g12,
  g13,
  g14,
  g15,
  g16,
  g17,
  g18,
  g19,
  g23,
  g24,
  a01,
  a02,
  a13,
  mapItems,
  vacancy,
];
