import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { describe, test } from "node:test";
import { sleep } from "espalier";
import { guides, type Line } from "./line.ts";
import { lines } from "./lines.ts";
import { findingsOf } from "./table.ts";

describe("the pages for people who come from others", () => {
  for (const guide of guides) {
    test(`docs/guide/coming-from-${guide}.md shows what is run, all of it, and tells the differences`, () => {
      const page = readFileSync(new URL(`../../docs/guide/coming-from-${guide}.md`, import.meta.url), "utf8");
      assert.deepEqual(findingsOf(guide, page, lines), []);
    });
  }
});

test("the pages name the versions that are run", () => {
  const { devDependencies } = JSON.parse(readFileSync(new URL("../../package.json", import.meta.url), "utf8")) as { devDependencies: Record<string, string> };
  const named = guides.flatMap((guide) => {
    const page = readFileSync(new URL(`../../docs/guide/coming-from-${guide}.md`, import.meta.url), "utf8");
    return [...page.matchAll(/\b(effect|p-\w+) (\d+\.\d+\.\d+)/g)].map(([, name = "", version]) => [name, version] as const);
  });
  assert.equal(named.length, 5);
  for (const [name, version] of named) assert.equal(version, devDependencies[name], name);
});

describe("findingsOf()", () => {
  const line: Line = {
    title: "sleeping",
    ours: async (scope) => {
      await sleep(1_000, scope);
    },
    says: [],
    asyncio: { code: "await asyncio.sleep(1)", says: ["more"] },
    kotlin: "delay(1.seconds)",
  };
  const page = (row: string): string => `| theirs | espalier | what is different |\n|---|---|---|\n${row}\n`;

  test("finds nothing where a row shows a line that is run", () => {
    assert.deepEqual(findingsOf("asyncio", page("| `await asyncio.sleep(…)` | `sleep(1_000, scope)` | it says more |"), [line]), []);
    assert.deepEqual(findingsOf("kotlin", page("| `delay(1.seconds)` | `sleep(1_000, scope)` | |"), [line]), []);
  });

  test("tells a row without a line, and a line without a row", () => {
    const findings = findingsOf("asyncio", page("| `await asyncio.nap(1)` | `sleep(1_000, scope)` | it says more |"), [line]);
    assert.deepEqual(findings, ["no line is run for | `await asyncio.nap(1)` | `sleep(1_000, scope)` | it says more |", 'no row shows "sleeping"']);
    assert.match(findingsOf("kotlin", page("| `delay(…)` | `sleep(1_000, scope)` | |"), [line])[0] ?? "", /^no line is run for/);
    assert.match(findingsOf("asyncio", page("| `await asyncio.sleep(1)` | `nap(1_000, scope)` | |"), [line])[0] ?? "", /^no line is run for/);
  });

  test("tells a difference that is not told, and a page without a table", () => {
    assert.match(findingsOf("asyncio", page("| `await asyncio.sleep(1)` | `sleep(1_000, scope)` | |"), [line])[0] ?? "", /does not tell what is different$/);
    assert.match(findingsOf("trio", page("| – | `sleep(1_000, scope)` | |"), [line])[0] ?? "", /does not tell what is different$/);
    assert.match(findingsOf("trio", "", [line])[0] ?? "", /no table/);
  });
});
