/**
 * typescript-eslint works with the API of TypeScript 6, and parts of it are installed beside TypeScript 7: whoever asks for `typescript`
 * gets the one of this workspace. To be imported before it.
 */
import { createRequire, registerHooks } from "node:module";
import { pathToFileURL } from "node:url";

const url = pathToFileURL(createRequire(import.meta.url).resolve("typescript")).href;
registerHooks({ resolve: (specifier, context, next) => (specifier === "typescript" ? { url, shortCircuit: true } : next(specifier, context)) });
