/** Debug mode: on from the import on. */
import "./start.ts";

export { dumpOnSignal } from "../diagnostics/dump-on-signal.ts";
export { watchPromises } from "./escaped.ts";
export type { PgPool } from "./pools/pg.ts";
export type { UndiciDispatcher } from "./pools/undici.ts";
export { watchPool } from "./pools/watch-pool.ts";
export { configureDebug } from "./settings.ts";
export type { DebugOptions } from "./settings.ts";
export type { DebugReport, ReportKind } from "./mistake.ts";
export { onReport } from "./report.ts";
export { reportText } from "./report-text.ts";
