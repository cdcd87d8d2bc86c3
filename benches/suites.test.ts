/** Each suite is run once, with next to nothing to do: that it works, on whatever is installed here. */
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { once } from "node:events";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, describe, test } from "node:test";
import { fileOf } from "./child.ts";
import type { Report } from "./report/report.ts";
import { isBoard } from "./row.ts";
import { chooseSuites, guideSuites, loadSuite, ownSuites } from "./suites.ts";

const folder = mkdtempSync(join(tmpdir(), "espalier-bench-"));
after(() => rmSync(folder, { recursive: true, force: true }));

async function bench(...args: readonly string[]): Promise<{ readonly code: number; readonly output: string; readonly errors: string }> {
  const child = spawn(process.execPath, [fileOf("bench.ts", import.meta.url), ...args], { stdio: ["ignore", "pipe", "pipe"] });
  let [output, errors] = ["", ""];
  child.stdout.setEncoding("utf8").on("data", (text: string) => (output += text));
  child.stderr.setEncoding("utf8").on("data", (text: string) => (errors += text));
  const [code] = (await once(child, "close")) as [number];
  return { code, output, errors };
}

/** What takes long even so, or is made as another row is, is left to who runs them in full. */
const short: Readonly<Record<string, readonly string[]>> = {
  dispatch: ["one-await", "signals"],
  jit: ["matmul", "validation", "handler"],
  core: ["one-await", "effect", "size"],
  sync: ["map"],
  testing: ["schedules"],
  debug: ["off", "bytes"],
};

/** All of them with ESPALIER_BENCHES=all; else those that start few processes, for a push is not to wait for all rivals. */
const tried = process.env["ESPALIER_BENCHES"] === "all" ? new Set([...guideSuites, ...Object.keys(short)]) : ["memory", "size", "sync"];

describe("npm run bench", { concurrency: 1 }, () => {
  for (const suite of tried) {
    test(`${suite} runs, and measures espalier`, { timeout: 300_000 }, async () => {
      const [json, page] = [join(folder, `${suite}.json`), join(folder, `${suite}.html`)];
      const rows = short[suite] ?? (await loadSuite(suite, undefined)).rows;
      const { code, output, errors } = await bench(suite, "--quick", "--only", rows.join(","), "--json", json, "--html", page);
      assert.equal(code, 0, errors);
      assert.match(output, new RegExp(`^npm run bench ${suite} · `));
      const [report, ...others] = JSON.parse(readFileSync(json, "utf8")) as Report[];
      assert.deepEqual(others, []);
      assert.deepEqual(Object.keys(report!.noise), rows);
      const unmade = report!.findings.flatMap((finding) => ("missing" in finding ? [`${finding.what}: ${finding.missing}`] : []));
      assert.deepEqual(unmade, []);
      for (const board of report!.findings.filter(isBoard)) {
        const lost = board.lines.filter(({ missing }) => missing?.startsWith("the process that measures"));
        assert.deepEqual(lost, [], `${board.board}\n${errors}`);
      }
      assert.ok(report!.findings.some((finding) => !isBoard(finding) || finding.lines.some(({ family, cells }) => family === "espalier" && Object.keys(cells).length > 0)) || suite === "jit");
      assert.match(readFileSync(page, "utf8"), new RegExp(`<section id="${suite}">`));
    });
  }

  test("draws again what it kept, and measures nothing", async () => {
    const again = join(folder, "again.html");
    const { code, errors } = await bench("--from", `${join(folder, "size.json")},${join(folder, "memory.json")}`, "--html", again);
    assert.equal(code, 0, errors);
    assert.match(readFileSync(again, "utf8"), /<section id="size">[^]*<section id="memory">/);
  });

  test("refuses what makes no sense, before it measures anything", async () => {
    const refused = [
      [["nothing"], /there is no suite nothing\. They are: http, dispatch/],
      [["core", "--only", "nothing"], /there is no row nothing in these suites/],
      [["core", "--write", "--quick"], /--write keeps whole suites .* leave --quick out/],
      [["core", "--clock", "moon"], /--clock is wall or cpu, not moon/],
      [["size", "--quick", "--compare", "no-such-revision"], /no-such-revision/],
    ] as const;
    for (const [args, message] of refused) {
      const { code, errors } = await bench(...args);
      assert.equal(code, 1, args.join(" "));
      assert.match(errors, message);
    }
  });
});

test("chooseSuites() of nothing are the guide's, and `all` are all", () => {
  assert.deepEqual(chooseSuites([]), guideSuites);
  assert.deepEqual(chooseSuites(["all"]), [...guideSuites, ...ownSuites]);
  assert.deepEqual(chooseSuites(["core", "http"]), ["http", "core"]);
});
