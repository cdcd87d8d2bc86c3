import assert from "node:assert/strict";
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, describe, test } from "node:test";
import { readTrace } from "../../../tests/diagnostics/trace-file.ts";
import { HEAD, lineOf, type TraceEvent } from "./event.ts";
import { seal } from "./seal.ts";
import { Sink } from "./sink.ts";

const folder = mkdtempSync(join(tmpdir(), "espalier-seal-"));
const file = join(folder, "trace.json");
after(() => rmSync(folder, { recursive: true }));

const name = lineOf({ ph: "M", name: "thread_name", pid: 1, tid: 1, ts: 0, args: { name: "main" } });
const event = (ph: "b" | "e" | "n", id: string, ts: number, tid = 1): string => lineOf({ ph, name: id, cat: "espalier", pid: 1, tid, ts, id2: { local: id } });

function sealed(...lines: string[]): { events: number; unfinished: number; left: TraceEvent[] } {
  writeFileSync(file, HEAD + lines.join(""));
  const size = seal(file);
  return { ...size, left: readTrace(file).events.slice(0, -1) as TraceEvent[] };
}

describe("seal()", () => {
  test("closes the array of a trace in which all has ended", () => {
    const lines = [name, event("b", "a", 1), event("n", "a", 2), event("e", "a", 3)];
    const { events, unfinished, left } = sealed(...lines);
    assert.deepEqual([events, unfinished], [4, 0]);
    assert.deepEqual(left, JSON.parse(`[${lines.join("").slice(0, -2)}]`));
  });

  test("ends what has not ended with the last that its thread told, the inner first", () => {
    const nested = lineOf({ ph: "b", name: "inner", cat: "espalier", pid: 1, tid: 1, ts: 2, id2: { local: "a" } });
    const { unfinished, left } = sealed(name, event("b", "a", 1), nested, event("b", "other", 2, 2), event("n", "a", 5));
    assert.equal(unfinished, 3);
    assert.deepEqual(left.slice(-3).map(({ ph, name: of, ts }) => [ph, of, ts]), [["e", "inner", 5], ["e", "a", 5], ["e", "other", 2]]);
  });

  test("leaves out what a crash has cut off, at the end and in between", () => {
    const cut = event("b", "cut", 2);
    for (const length of [1, 20, cut.length - 2, cut.length - 1]) {
      const { events, left } = sealed(name, event("b", "a", 1), event("e", "a", 2), cut.slice(0, length));
      assert.deepEqual([events, left.length], [3, 3]);
    }
    // Another process has gone on.
    const { events, unfinished } = sealed(name, event("b", "a", 1), `${cut.slice(0, 30)}\n`, event("e", "a", 2));
    assert.deepEqual([events, unfinished], [3, 0]);
  });

  test("of a trace without an event makes an empty one", () => {
    for (const rest of ["", '{"ph":']) {
      writeFileSync(file, HEAD + rest);
      assert.deepEqual(seal(file), { events: 0, unfinished: 0 });
      assert.deepEqual(JSON.parse(readFileSync(file, "utf8")), []);
    }
  });

  test("reads files of any length, and characters of any", () => {
    const lines = Array.from({ length: 20_000 }, (_, n) => event("b", `${"ä".repeat(n % 100)}😀${n}`, n) + event("e", `${"ä".repeat(n % 100)}😀${n}`, n));
    const { events, unfinished } = sealed(name, ...lines);
    assert.deepEqual([events, unfinished], [40_001, 0]);
  });
});

describe("a sink", () => {
  test("keeps less than a block in memory, whatever is written in one turn, and writes it in order", () => {
    writeFileSync(file, HEAD);
    const sink = new Sink(file);
    let written = HEAD;
    for (let n = 0; n < 5_000; n++) {
      const line = event("n", `ä${n}`, n);
      sink.write(line);
      written += line;
      if (n % 500 === 0) assert.ok(Buffer.byteLength(written) - readFileSync(file).length <= 2 * 64 * 1024);
    }
    sink.flush();
    assert.equal(readFileSync(file, "utf8"), written);
  });

  test("whose file cannot be opened warns of it once, and nothing else happens", async () => {
    const warned = once(process, "warning") as Promise<[Error]>;
    const sink = new Sink(join(folder, "no", "such", "folder"));
    sink.write("line\n");
    sink.flush();
    assert.match((await warned)[0].message, /folder ends here: it cannot be written \(Error: ENOENT/);
  });
});
