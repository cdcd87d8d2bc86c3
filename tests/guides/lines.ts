/** All lines, by what they are about. */
import type { Line } from "./line.ts";
import { cancelling } from "./lines/cancelling.ts";
import { channels } from "./lines/channels.ts";
import { cleanup } from "./lines/cleanup.ts";
import { combinators } from "./lines/combinators.ts";
import { elsewhere } from "./lines/elsewhere.ts";
import { failures } from "./lines/failures.ts";
import { flow } from "./lines/flow.ts";
import { groups } from "./lines/groups.ts";
import { programs } from "./lines/programs.ts";
import { promises } from "./lines/promises.ts";
import { sync } from "./lines/sync.ts";
import { time } from "./lines/time.ts";

export const lines: readonly Line[] = [...groups, ...combinators, ...time, ...cancelling, ...cleanup, ...failures, ...sync, ...channels, ...flow, ...elsewhere, ...programs, ...promises];
