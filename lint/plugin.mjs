/**
 * The plugin: rules that need no types, for ESLint and, unchanged, for oxlint. Each of them is described in docs/guide/lint.md.
 */
import { readFileSync } from "node:fs";
import { checkpointInLoop } from "./rules/checkpoint-in-loop.mjs";
import { exportedWork } from "./rules/exported-work.mjs";
import { noBlockingCall } from "./rules/no-blocking-call.mjs";
import { noFloatingOperation } from "./rules/no-floating-operation.mjs";
import { noOuterScope } from "./rules/no-outer-scope.mjs";
import { noRootInScope } from "./rules/no-root-in-scope.mjs";
import { noSwallowedCancellation } from "./rules/no-swallowed-cancellation.mjs";
import { passScope } from "./rules/pass-scope.mjs";

const { name, version } = JSON.parse(readFileSync(new URL("package.json", import.meta.url), "utf8"));

export const rules = {
  "no-swallowed-cancellation": noSwallowedCancellation,
  "no-outer-scope": noOuterScope,
  "no-root-in-scope": noRootInScope,
  "pass-scope": passScope,
  "checkpoint-in-loop": checkpointInLoop,
  "no-blocking-call": noBlockingCall,
  "no-floating-operation": noFloatingOperation,
  "exported-work": exportedWork,
};

/** What is certain is an error; what a program may have reasons for is a warning. @type {Readonly<Record<string, "error" | "warn">>} */
export const recommended = {
  "espalier/no-swallowed-cancellation": "error",
  "espalier/no-outer-scope": "error",
  "espalier/no-root-in-scope": "error",
  "espalier/pass-scope": "error",
  "espalier/checkpoint-in-loop": "warn",
  "espalier/no-blocking-call": "warn",
  "espalier/no-floating-operation": "error",
  "espalier/exported-work": "error",
};

/** @type {{ meta: { name: string, version: string, namespace: string }, rules: typeof rules, configs: { recommended: object } }} */
const plugin = { meta: { name, version, namespace: "espalier" }, rules, configs: { recommended: {} } };
plugin.configs.recommended = { name: "espalier/recommended", plugins: { espalier: plugin }, rules: recommended };

export default plugin;
