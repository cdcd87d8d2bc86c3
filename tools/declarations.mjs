/**
 * Makes a declaration file that the compiler emitted stand on its own.
 */
import { withEmittedExtensions } from "./source/imports.mjs";

/**
 * Its imports name files of dist; and when it speaks of disposables, it brings the library that declares them, whatever
 * `lib` the user's compiler was told. That puts one line on top, which the map is told.
 * @param {string} file
 * @param {string} text
 * @param {string} map its declaration map, as JSON
 */
export function finishedDeclaration(file, text, map) {
  const code = withEmittedExtensions(file, text);
  if (!/\b(Async)?Disposable\b/.test(code)) return { code, map };
  const source = JSON.parse(map);
  return { code: `/// <reference lib="esnext.disposable" />\n${code}`, map: JSON.stringify({ ...source, mappings: `;${source.mappings}` }) };
}
