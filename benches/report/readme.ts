/** Keeps the last figures of a suite in benches/README.md, between the markers that name it. */
import { readFileSync, writeFileSync } from "node:fs";

const file = new URL("../README.md", import.meta.url);

export function keep(suite: string, text: string): void {
  const begin = `<!-- figures of ${suite} -->`;
  const end = `<!-- end of ${suite} -->`;
  const readme = readFileSync(file, "utf8");
  const from = readme.indexOf(begin);
  const to = readme.indexOf(end);
  if (from < 0 || to < from) throw new Error(`benches/README.md has no place for the figures of ${suite}: put the lines "${begin}" and "${end}" into it`);
  writeFileSync(file, `${readme.slice(0, from + begin.length)}\n\n${text}\n\n${readme.slice(to)}`);
}
