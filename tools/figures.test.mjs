import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { figureOf, withFigures } from "./figures.mjs";

const tables = `# Benchmarks

<!-- figures of sync -->

| what   | N | espalier       | beside                   | ratio (10–90 %)     |
|--------|---|----------------|--------------------------|---------------------|
| a list | 9 | 1,426 µs, map  | 0.541 µs, p-map 7.1.1    | 0.777 (0.707–0.97)  |
| a list | 9 | 1,426 µs, map  | 2.52 calls/s, p-limit 7  | 0.162 (0.137–0.319) |

<!-- end of sync -->

<!-- figures of http -->

**1,000 GETs.** From nginx.

| system         | batch P50, ms |
|----------------|---------------|
| **taskGroup**  | 84 (80–90)    |
| Promise.all    | 83            |

**One fails.** The same.

| system         | batch P50, ms |
|----------------|---------------|
| **taskGroup**  | 5             |

<!-- end of http -->
`;

describe("figureOf()", () => {
  it("gives a cell by its suite, what tells its row, and its column", () => {
    assert.equal(figureOf(tables, "sync · a list · p-map … · ratio"), "0.777 (0.707–0.97)");
    assert.equal(figureOf(tables, "sync · a list · p-limit 7 · beside"), "2.52 calls/s");
    assert.equal(figureOf(tables, "sync · p-map 7.1.1 · espalier"), "1,426 µs");
    assert.equal(figureOf(tables, "http · 1,000 GETs · taskGroup · batch P50"), "84 (80–90)");
    assert.equal(figureOf(tables, "http · One fails · taskGroup · batch P50"), "5");
  });

  it("refuses what is not there, and what is there twice", () => {
    assert.throws(() => figureOf(tables, "moon · matmul · ratio"), /there is no suite moon/);
    assert.throws(() => figureOf(tables, "sync · a list · ratio"), /^Error: 2 rows of sync have a list$/);
    assert.throws(() => figureOf(tables, "sync · p-map 7 · ratio"), /^Error: 0 rows/);
    assert.throws(() => figureOf(tables, "sync · p-map … · speed"), /has nothing for "speed": it has what, N/);
  });
});

it("figureOf() gives a dash for a suite that has not been measured yet", () => {
  assert.equal(figureOf(tables, "core · anything · ratio"), "–");
});

describe("withFigures()", () => {
  const page = (/** @type {string} */ said) => `It is <!-- figure: sync · p-map … · ratio -->${said}<!-- /figure --> of it.`;

  it("draws figures in, and tells where a document says another one", () => {
    assert.deepEqual(withFigures(page("0.5"), tables), {
      drawn: page("0.777 (0.707–0.97)"),
      count: 1,
      missing: 0,
      findings: ["it says 0.5 where benches/README.md has 0.777 (0.707–0.97): sync · p-map … · ratio"],
    });
    assert.deepEqual(withFigures(page("0.777 (0.707–0.97)"), tables).findings, []);
  });

  it("tells a marker of nothing, and leaves its text", () => {
    const { drawn, findings } = withFigures("<!-- figure: sync · none · ratio -->7<!-- /figure -->", tables);
    assert.equal(drawn, "<!-- figure: sync · none · ratio -->7<!-- /figure -->");
    assert.deepEqual(findings, ["0 rows of sync have none: sync · none · ratio"]);
  });
});
