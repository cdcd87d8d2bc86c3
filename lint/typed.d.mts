/** Rules of typescript-eslint that find promises which nobody awaits, and awaits which wait for nothing. */
export declare const typedRules: Record<string, "error" | ["error", string | object]>;

/**
 * The preset for typescript-eslint, with our rules beside its own. `tseslint` is what `typescript-eslint` exports; by default it holds for all
 * files of TypeScript, with the nearest tsconfig.json of each.
 */
export declare function typed(
  tseslint: { readonly parser: unknown; readonly plugin: unknown },
  options?: { readonly files?: readonly string[]; readonly parserOptions?: object },
): {
  name: string;
  files: string[];
  languageOptions: Record<string, unknown>;
  plugins: Record<string, object>;
  rules: Record<string, "error" | "warn" | ["error", string | object]>;
}[];
