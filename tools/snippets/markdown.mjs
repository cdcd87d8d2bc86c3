/**
 * The code blocks of a Markdown file that promise to be TypeScript, and how each wants to be tested.
 *
 * A ```ts block is type-checked and executed as a module of its own. A comment directly above it changes that:
 *
 *   <!-- snippet: types-only (why it cannot run here) -->    type-checked only
 *   <!-- snippet: fragment (why it is no module) -->         neither
 *
 * A ```text block with <!-- output --> directly above it is what the ```ts block before it prints; `…` stands for any
 * text of one line.
 */

/** @typedef {"run" | "types-only" | "fragment"} Mode */
/** @typedef {{ line: number, code: string, mode: Mode, reason?: string, output?: { line: number, text: string } }} Snippet line: of the code's first line */
/** @typedef {{ language: string, indent: string, line: number, text: string, comment: string | undefined }} Block */

/**
 * Every fenced block, with the comment directly above it.
 * @param {string} markdown
 * @returns {Block[]}
 */
function blocks(markdown) {
  /** @type {Block[]} */
  const found = [];
  const lines = markdown.split("\n");
  for (let at = 0; at < lines.length; at += 1) {
    const open = /^(\s*)(`{3,}|~{3,})\s*([^\s`]*)/.exec(lines[at] ?? "");
    if (open === null) continue;
    const [, indent = "", fence = "", language = ""] = open;
    const closes = (/** @type {string} */ line) => line.trim().startsWith(fence) && line.trim().replaceAll(fence[0] ?? "", "") === "";
    const end = lines.findIndex((line, index) => index > at && closes(line));
    const stop = end === -1 ? lines.length : end;
    const text = lines.slice(at + 1, stop).map((line) => (line.startsWith(indent) ? line.slice(indent.length) : line.trimStart()));
    const above = lines.slice(0, at).findLast((line) => line.trim() !== "");
    found.push({ language, indent, line: at + 2, text: text.join("\n"), comment: /^\s*<!--\s*(.*?)\s*-->\s*$/.exec(above ?? "")?.[1] });
    at = stop;
  }
  return found;
}

/**
 * @param {string} file
 * @param {string} markdown
 * @returns {{ snippets: Snippet[], findings: string[] }}
 */
export function snippetsOf(file, markdown) {
  /** @type {Snippet[]} */
  const snippets = [];
  /** @type {string[]} */
  const findings = [];
  /** @type {Snippet | undefined} */
  let last;
  for (const { language, line, text, comment } of blocks(markdown)) {
    if (/^(typescript|mts|cts|tsx)$/.test(language)) findings.push(`${file}:${line - 1} write \`ts\` for "${language}": it would not be tested`);
    if (comment === "output" && language !== "ts") {
      if (last === undefined || last.mode !== "run") findings.push(`${file}:${line - 1} is the output of no block that runs`);
      else last.output = { line, text };
      last = undefined;
      continue;
    }
    if (language !== "ts") continue;
    last = undefined;
    const marker = /^snippet:\s*(.*)$/.exec(comment ?? "")?.[1];
    const chosen = /^(types-only|fragment)\s*\(\s*(.*\S)\s*\)$/.exec(marker ?? "");
    if (marker !== undefined && chosen === null) {
      findings.push(`${file}:${line - 2} says "snippet: ${marker}": it must be types-only or fragment, with the reason in parentheses`);
      continue;
    }
    last = { line, code: text, mode: /** @type {Mode} */ (chosen?.[1] ?? "run") };
    if (chosen?.[2] !== undefined) last.reason = chosen[2];
    snippets.push(last);
  }
  return { snippets, findings };
}

/**
 * Where what was printed leaves what was promised, or undefined.
 * @param {string} expected
 * @param {string} actual
 */
export function outputDifference(expected, actual) {
  const lines = (/** @type {string} */ text) => text.trimEnd().split("\n").map((line) => line.trimEnd());
  const [want, got] = [lines(expected), lines(actual)];
  const matches = (/** @type {string} */ pattern, /** @type {string} */ line) =>
    new RegExp(`^${pattern.split("…").map((part) => part.replaceAll(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`)).join(".*")}$`).test(line);
  const at = Array.from({ length: Math.max(want.length, got.length) }).findIndex(
    (_, index) => want[index] === undefined || got[index] === undefined || !matches(want[index], got[index]),
  );
  return at === -1 ? undefined : { line: at, expected: want[at], actual: got[at] };
}
