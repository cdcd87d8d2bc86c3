/** Preloaded: refuses the library every module of the platform, as a browser would. Tests may have them. */
import { isBuiltin, registerHooks } from "node:module";

registerHooks({
  resolve(specifier, context, nextResolve) {
    if (isBuiltin(specifier) && context.parentURL?.includes("/src/") === true) throw new Error(`${context.parentURL} imports ${specifier}`);
    return nextResolve(specifier, context);
  },
});
