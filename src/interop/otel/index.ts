/** Beside OpenTelemetry: tasks and scopes as spans. */
export { instrument, type InstrumentOptions } from "./instrument.ts";
export type { Observed } from "../../lowlevel.ts";
