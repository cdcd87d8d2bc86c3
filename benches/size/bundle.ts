/** The bytes of the same program with each library, minified and gzipped, of which each is tried out first. */
import type { Line } from "../board.ts";
import type { Row } from "../row.ts";
import { bundleOf, lackOf, type Program, programs, systemOf } from "./bundles.ts";
import { trial } from "./trial.ts";

async function lineOf(program: Program): Promise<Line> {
  const { family } = program;
  const system = systemOf(program);
  const lack = lackOf(program);
  if (lack !== undefined) return { system, family, cells: {}, missing: lack };
  const { source, minified, gzipped, profile } = await bundleOf(program);
  const wrong = await trial(profile);
  if (wrong.length > 0) return { system, family, cells: {}, missing: `its program is another one: ${wrong.join("; ")}` };
  return { system, family, cells: { gzipped: { value: gzipped }, minified: { value: minified }, source: { value: source } } };
}

export const row: Row = {
  async measure() {
    const lines: Line[] = [];
    for (const program of programs) lines.push(await lineOf(program));
    return [
      {
        board: "One program, in bytes",
        about: "Three requests at once under a time limit: the first failure aborts the others, and so does the limit. Bundled for browsers, minified, gzipped.",
        columns: [
          { key: "gzipped", head: "gzipped", unit: "bytes" },
          { key: "minified", head: "minified", unit: "bytes" },
          { key: "source", head: "the program's own source", unit: "bytes" },
        ],
        lines,
        plot: { kind: "bars", column: "gzipped", better: "less", label: "bytes, minified and gzipped" },
        notes: ["Each bundle was run against a network of the test's own before it was weighed."],
      },
    ];
  },
};
