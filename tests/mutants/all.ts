/** One mistake for each of G1 to G15. */
import { g01 } from "./g01-leaves-children-behind.ts";
import { g02 } from "./g02-no-failure-while-draining.ts";
import { g03 } from "./g03-first-failure-only.ts";
import { g04 } from "./g04-told-once.ts";
import { g05 } from "./g05-innermost-absorbs.ts";
import { g06 } from "./g06-cause-overlooked.ts";
import { g07 } from "./g07-cancellation-first.ts";
import { g08 } from "./g08-overtaken-value.ts";
import { g09 } from "./g09-last-cause-wins.ts";
import { g10 } from "./g10-always-a-timeout.ts";
import { g11 } from "./g11-commits-what-was-cut.ts";
import { g12 } from "./g12-calls-later.ts";
import { g13 } from "./g13-closed-while-draining.ts";
import { g14 } from "./g14-impatient.ts";
import { g15 } from "./g15-wrong-master.ts";
import type { Mutant } from "./mutant.ts";

export const mutants: readonly Mutant[] = [g01, g02, g03, g04, g05, g06, g07, g08, g09, g10, g11, g12, g13, g14, g15];
