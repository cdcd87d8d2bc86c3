/** A rule, as ESLint and oxlint take it. */
export interface Rule {
  readonly meta: {
    readonly type: "problem" | "suggestion";
    readonly docs: { readonly description: string; readonly recommended: boolean };
    readonly messages: Record<string, string>;
    readonly schema: object[];
    readonly hasSuggestions: boolean;
    readonly fixable?: "code";
  };
  create(context: never): Record<string, (node: object) => void>;
}

type Names =
  | "no-swallowed-cancellation"
  | "no-outer-scope"
  | "no-root-in-scope"
  | "pass-scope"
  | "checkpoint-in-loop"
  | "no-blocking-call"
  | "no-floating-operation"
  | "exported-work";

export declare const rules: Record<Names, Rule>;
/** How serious each rule is in the preset, by its full name. */
export declare const recommended: Record<`espalier/${Names}`, "error" | "warn">;

declare const plugin: {
  readonly meta: { readonly name: string; readonly version: string; readonly namespace: string };
  readonly rules: Record<Names, Rule>;
  readonly configs: { readonly recommended: { readonly name: string; readonly plugins: Record<string, object>; readonly rules: Record<string, "error" | "warn"> } };
};
export default plugin;
