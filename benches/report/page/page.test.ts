import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { parseHTML } from "linkedom";
import { report } from "../../fixtures/reports.ts";
import { apart } from "./curves.ts";
import { logTicks, nameInPlot } from "./draw.ts";
import { html } from "./markup.ts";
import { page } from "./page.ts";

const text = page([report, { ...report, suite: "core", quick: true, base: "abc an older one", compared: [{ row: "flat", way: "group", base: 1, head: 2, ratio: { median: 2, spread: [1.9, 2.1], rounds: 9 } }] }]);
const { document } = parseHTML(text);

describe("the page", () => {
  test("needs nothing from elsewhere and runs nothing", () => {
    assert.equal(document.querySelectorAll("script, iframe, object, img, link[rel=stylesheet]").length, 0);
    assert.doesNotMatch(text, /\b(?:src|href)="(?!#|data:)/);
    assert.doesNotMatch(text.replaceAll("http://www.w3.org/", ""), /https?:\/\//);
    assert.match(text, /Content-Security-Policy" content="default-src 'none'/);
  });

  test("has a section for each suite, which the navigation leads to", () => {
    const targets = [...document.querySelectorAll("nav a")].map((link) => link.getAttribute("href"));
    assert.deepEqual(targets, ["#dispatch", "#core"]);
    for (const target of targets) assert.ok(document.querySelector(target)?.querySelector("h2"));
  });

  test("draws every board and the ratios, each with a name for who cannot see it", () => {
    const drawings = [...document.querySelectorAll("#dispatch svg")];
    assert.deepEqual(drawings.map((drawing) => drawing.getAttribute("aria-label")), ["A task <that waits>", "What became of them", "More workers", "ratios"]);
  });

  test("takes what it is given for text", () => {
    assert.match(text, /A task &lt;that waits&gt;/);
    assert.equal(document.querySelectorAll("that").length, 0);
    assert.match(text, /Measured &amp; weighed\./);
  });

  test("has the figures of every plot as a table, too", () => {
    const cells = [...document.querySelectorAll("#dispatch figure:first-of-type tbody tr")].map((row) => [...row.querySelectorAll("td")].map((cell) => cell.textContent?.trim()));
    assert.deepEqual(cells[0], ["espalier taskGroup", "Node.js 26.10.0", "1.5 (1.2–1.8)", "short"]);
    assert.equal(cells.length, 3, "what was not measured is said, and has no line");
  });

  test("uses colours of its style only, so that it follows the reader's", () => {
    for (const drawing of document.querySelectorAll("svg")) assert.doesNotMatch(drawing.outerHTML.replace(/<style>.*?<\/style>/s, ""), /(?:fill|stroke)="#|steelblue|black/);
  });

  test("warns of a quick look, and shows what a comparison found", () => {
    assert.equal(document.querySelectorAll("#dispatch .warning").length, 0);
    assert.equal(document.querySelectorAll("#core .warning").length, 1);
    assert.match(document.querySelector("#core")!.textContent, /Base: abc an older one/);
  });
});

test("page() of nothing says so", () => {
  assert.throws(() => page([]), /there is nothing to draw/);
});

test("html`` escapes what is put in, and not what is markup already", () => {
  assert.equal(html`<p title="${'a"b'}">${"<b>"}${html`<i>${1}</i>`}${[html`<u></u>`, "&"]}${undefined}</p>`.text, '<p title="a&quot;b">&lt;b&gt;<i>1</i><u></u>&amp;</p>');
});

test("apart() moves names that would cover each other, in their order and within the plot", () => {
  assert.deepEqual(apart([100, 102, 300], 0, 400), [100, 115, 300]);
  assert.deepEqual(apart([399, 398, 400], 0, 400), [385, 370, 400]);
  assert.deepEqual(apart([5, 5], 0, 400), [5, 20]);
});

test("nameInPlot() shortens versions of runtimes, and leaves those of packages to the table", () => {
  const line = { family: "package", cells: {} } as const;
  assert.equal(nameInPlot({ ...line, system: "effect 4.1.0 forEach", on: "undici 8.12.4 request, Node.js 26.10.0" }), "effect forEach · undici request, Node.js 26");
  assert.equal(nameInPlot({ ...line, system: "trio nursery", on: "CPython 3.11.2, trio 0.22.0" }), "trio nursery · CPython 3.11, trio");
});

test("logTicks() has few lines, whatever the range", () => {
  assert.deepEqual(logTicks(0.9, 12), [1, 2, 5, 10]);
  assert.deepEqual(logTicks(3, 8), [3, 4, 5, 6, 7, 8]);
  assert.deepEqual(logTicks(0.4, 80_000), [1, 10, 100, 1_000, 10_000]);
});
