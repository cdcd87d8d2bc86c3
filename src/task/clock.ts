import { host } from "#host";
import { RealClock } from "../host/real-clock.ts";
import type { Clock } from "../ports/clock.ts";

/** The time of every root that is not given another. */
export const realClock: Clock = new RealClock(host);
