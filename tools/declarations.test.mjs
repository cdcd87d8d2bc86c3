import assert from "node:assert/strict";
import { test } from "node:test";
import { finishedDeclaration } from "./declarations.mjs";

const map = '{"version":3,"sources":["../src/a.ts"],"mappings":"AAAA;AACA"}';

test("finishedDeclaration() points imports at dist and leaves the map alone where no line moved", () => {
  const text = 'import type { B } from "./b.ts";\nexport type A = B;\n';
  assert.deepEqual(finishedDeclaration("dist/a.d.ts", text, map), { code: text.replace("b.ts", "b.js"), map });
});

test("finishedDeclaration() brings the library of disposables, and moves the map by that line", () => {
  for (const name of ["Disposable", "AsyncDisposable"]) {
    const text = `export declare function open(): ${name};\n`;
    const finished = finishedDeclaration("dist/a.d.ts", text, map);
    assert.equal(finished.code, `/// <reference lib="esnext.disposable" />\n${text}`);
    assert.equal(JSON.parse(finished.map).mappings, ";AAAA;AACA");
  }
  assert.doesNotMatch(finishedDeclaration("dist/a.d.ts", "export declare const Disposables: 1;\n", map).code, /reference/);
});
