/** What is around a task without being handed down: its scope, and values that belong to scopes. */
export { ambient, currentScope, tryCurrentScope } from "./ambient.ts";
export { ContextVariable, contextVariable, type ContextVariableOptions } from "./variable.ts";
