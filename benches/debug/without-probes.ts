/**
 * A copy of the built package without what it tells probes, and without the questions whether anybody listens: the statements are taken
 * out of the text. Whatever is left that speaks of the watcher, or of debug mode, is an error: the copy would be no fair one.
 */
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { dist as source } from "./build.ts";

/** What tells, as tsc writes it. */
const TELLING = /if \(watcher !== undefined\)\s*watcher\.\w+\((?:[^()]|\([^()]*\))*\);/g;
/** The same with a condition of its own before, or after. */
const TELLING_IF = /if \((?:[^()]+ && )?watcher !== undefined(?: && [^()]+)?\)\s*watcher\.\w+\((?:[^()]|\([^()]*\))*\);/g;
/** A function of the program is called with what is around it. */
const CALLING = /(?:watcher === undefined \? \w+\(\w+\) : )?\bcalling\(([^(),]+), ([^(),]+), ([^(),]+)\)/g;
const LEDGER = /this\.#ledger\?\.\w+\((?:[^()]|\([^()]*\))*\)(?: \?\? )?/g;

/** The folders that have any. */
const FOLDERS = ["scope", "task", "sync"];
/** Who tells, and who says what is told. */
const TELLERS = new Set(["watch.js", "ledgers.js"]);

export function withoutProbes(): Disposable & { readonly dist: string } {
  const folder = mkdtempSync(join(tmpdir(), "espalier-without-probes-"));
  const dist = join(folder, "dist");
  cpSync(source, dist, { recursive: true });
  cpSync(join(source, "..", "package.json"), join(folder, "package.json"));
  const build = { dist, [Symbol.dispose]: () => rmSync(folder, { recursive: true, force: true }) };
  try {
    let count = 0;
    for (const part of FOLDERS) {
      for (const file of readdirSync(join(dist, part), { recursive: true, encoding: "utf8" })) {
        if (file.endsWith(".js") && !TELLERS.has(file)) count += strip(join(dist, part, file));
      }
    }
    if (count === 0) throw new Error(`nothing in ${source} tells probes anything: look at ${import.meta.filename}`);
    return build;
  } catch (error) {
    build[Symbol.dispose]();
    throw error;
  }
}

/** Gives how many places there were. */
function strip(file: string): number {
  const text = readFileSync(file, "utf8");
  const imports = /^import .*$/gm;
  const body = text.replace(imports, "");
  const bare = body.replace(TELLING, "").replace(TELLING_IF, "").replace(CALLING, "$2($3)").replace(LEDGER, "");
  if (bare === body) return 0;
  const left = /\bwatcher\b|\bcalling\(/.exec(bare.replace(/\/\*[\s\S]*?\*\//g, ""));
  if (left !== null) throw new Error(`${file} still has "${left[0]}": ${bare.slice(left.index, left.index + 120)}`);
  writeFileSync(file, (text.match(imports) ?? []).join("\n") + bare);
  return 1;
}
