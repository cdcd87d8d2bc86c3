/** Debug mode: on from the import on. */
import "./start.ts";

export { configureDebug } from "./settings.ts";
export { type DebugReport, onReport, type ReportKind, reportText } from "./report.ts";
