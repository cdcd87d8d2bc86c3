import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { readdirSync } from "node:fs";
import { describe, test } from "node:test";
import { fileURLToPath } from "node:url";

interface Bug {
  readonly tier?: "1" | "deep";
  /** How many reports there are. */
  readonly reports?: number;
  /** What they say: the kind and the beginning, the task, and the line of the example. */
  readonly says: readonly RegExp[];
}

const bugs: Record<string, Bug> = {
  "forgotten-await": { says: [/forgotten-await: "sleep" was still pending when "save" had ended/, /task +shop > save$/m, /stood +sleep, .*forgotten-await\.ts:5$/m] },
  "forgotten-function": {
    tier: "deep",
    says: [/forgotten-await: The async function "save" was still running when "order" had returned/, /task +shop > order$/m, /stood +.*forgotten-function\.ts:10$/m],
  },
  "blocked-loop": { says: [/^blocked-loop: The event loop is blocked for \d+ ms/m, /task +service > report$/m, /stood +fibonacci, .*blocked-loop\.ts:5$/m] },
  "lost-error": { says: [/lost-error: .*"query".* Error: the database is full/, /started +.*lost-error\.ts:7$/m] },
  "unheard-failure": { says: [/lost-error: "ship 17" failed in "shop", whose onError takes no error, .*: Error: no such address/, /task +shop > ship 17$/m, /started +.*unheard-failure\.ts:10$/m] },
  "suppressed-failure": { says: [/lost-error: "report" threw one of 2 failures, .*: Error: customers is locked/, /started +.*suppressed-failure\.ts:8$/m] },
  "swallowed-cancellation": { says: [/swallowed-cancellation: "poll" was cancelled .*shutting down.* 3 times/, /stood +sleep\(\), .*swallowed-cancellation\.ts:7$/m] },
  "exhausted-pool": { says: [/exhausted-pool: "transfer" waits for the pool "database", but the only one is held by functions that wait for that, by "transfer" for \d+ ms since .*exhausted-pool\.ts:7/] },
  "exhausted-semaphore": {
    says: [/exhausted-pool: "transfer" waits for the semaphore "writes", but .* by "transfer" for \d+ ms since .*exhausted-semaphore\.ts:10\./, /task +bank > transfer$/m, /stood +semaphore, .*exhausted-semaphore\.ts:7$/m],
  },
  "exhausted-limiter": {
    reports: 2,
    says: [
      /exhausted-pool: "philosopher 1" waits for the capacity limiter "right", and the program has nothing else to do: the only one is held, by "philosopher 2" for \d+ ms since .*exhausted-limiter\.ts:8\./,
      /exhausted-pool: "philosopher 2" waits for the capacity limiter "left", /,
    ],
  },
  "exhausted-connections": {
    says: [/exhausted-pool: "second look" waits for the undici pool "shop: .*the only one is held, by "first look" for \d+ ms since .*exhausted-connections\.ts:17\./, /task +monitor > second look$/m],
  },
};

const folder = new URL("../../examples/five-bugs/", import.meta.url);
const REPORT = /(?:^|EspalierWarning: )(?:forgotten-await|lost-error|swallowed-cancellation|stuck-cancellation|blocked-loop|exhausted-pool): /gm;

/** What a program wrote, however it ended. */
function run(name: string, debug: string, ...args: string[]): Promise<{ stdout: string; stderr: string }> {
  const program = fileURLToPath(new URL(`${name}.ts`, folder));
  return new Promise((resolve) => {
    execFile(process.execPath, ["--conditions=espalier:source", program, ...args], { env: { ...process.env, ESPALIER_DEBUG: debug } }, (_, stdout, stderr) => resolve({ stdout, stderr }));
  });
}

describe("the five bugs", () => {
  for (const [name, { tier = "1", reports = 1, says }] of Object.entries(bugs)) {
    test(`${name}: debug mode names the task, the line and what to do`, async () => {
      const { stderr } = await run(name, tier);
      for (const part of says) assert.match(stderr, part);
      assert.equal(stderr.match(/^ {2}to do/gm)?.length, reports, stderr);
      assert.equal(stderr.match(REPORT)?.length, reports, stderr);
    });
  }

  test("each example is among them", () => {
    const examples = readdirSync(folder).map((file) => file.replace(/\.ts$/, ""));
    assert.deepEqual(examples.sort(), [...Object.keys(bugs), "clean"].sort());
  });

  test("without debug mode nothing is said of what only that looks for", async () => {
    for (const name of ["swallowed-cancellation", "unheard-failure", "exhausted-semaphore"]) assert.equal((await run(name, "")).stderr, "", name);
  });

  test("without the deep tier nothing is said of plain functions", async () => {
    assert.equal((await run("forgotten-function", "1")).stderr, "");
  });
});

describe("a clean program", () => {
  test("of 10,000 tasks gives no report at all, on a machine that is busy with three more of it, two of them in the deep tier", async () => {
    const runs = await Promise.all([run("clean", "1"), run("clean", "1"), run("clean", "deep", "3000"), run("clean", "deep", "3000")]);
    for (const { stdout, stderr } of runs) {
      assert.equal(stderr, "");
      assert.match(stdout, /^\d+ tasks$/m);
    }
  });
});
