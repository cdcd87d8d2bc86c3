/**
 * A reporter for Node's test runner that is quiet about success: each failure in full, then one line of JSON that
 * pipeline/node-tests.mjs reads. A file without any test is a failure: the runner would count it as one that passed.
 */
import { relative, resolve } from "node:path";
import { inspect } from "node:util";

/**
 * What an assertion or a thrown value says, without the runner's own wrapping.
 * @param {unknown} error
 */
function explain(error) {
  const inner = error instanceof Error && "cause" in error && error.cause !== undefined ? error.cause : error;
  return inspect(inner, { depth: 5, maxStringLength: 4000 });
}

/**
 * The tests that have begun and not ended, innermost names only: a suite waits for what is in it.
 * @param {ReadonlyMap<string, { name: string, file: string, nesting: number }>} begun
 */
function unfinished(begun) {
  const all = [...begun.values()];
  return all.filter(({ file, nesting }) => !all.some((other) => other.file === file && other.nesting > nesting));
}

/** @param {AsyncIterable<any>} events */
export default async function* reporter(events) {
  const counts = { passed: 0, failed: 0, skipped: 0 };
  /** @type {string[]} */
  const skips = [];
  /** @type {{ name: string, ms: number }[]} */
  const durations = [];
  /** @type {Map<string, { name: string, file: string, nesting: number }>} */
  const begun = new Map();
  for await (const { type, data } of events) {
    const key = `${data?.file}:${data?.line}:${data?.name}`;
    // A file is a test to the runner as well, above those that it has.
    const nesting = data?.name !== undefined && resolve(data.name) === data.file ? -1 : data?.nesting;
    if (type === "test:dequeue") begun.set(key, { name: data.name, file: data.file ?? "", nesting });
    else if (type === "test:complete") begun.delete(key);
    else if (type === "test:interrupted") {
      for (const { name, file } of unfinished(begun)) {
        counts.failed += 1;
        yield `\n✖ ${name} had not ended\n  ${relative(process.cwd(), file)}\n`;
      }
    }
    if (type !== "test:pass" && type !== "test:fail") continue;
    const file = data.file === undefined ? "" : relative(process.cwd(), data.file);
    const place = data.line === undefined ? file : `${file}:${data.line}`;
    const isSuite = data.details?.type === "suite";
    if (type === "test:fail") {
      // A suite that fails because a test in it failed has been told already.
      const kind = data.details.error?.failureType;
      if (kind === "subtestsFailed") continue;
      counts.failed += 1;
      yield `\n✖ ${data.name}\n  ${place}\n${explain(data.details.error).replace(/^/gm, "    ")}\n`;
    } else if (isSuite) continue;
    else if (data.skip !== undefined || data.todo !== undefined) {
      counts.skipped += 1;
      skips.push(`${data.name} (${file})${typeof data.skip === "string" && data.skip !== "" ? `: ${data.skip}` : ""}`);
    } else if (data.nesting === 0 && data.file !== undefined && data.name === relative(process.cwd(), data.file)) {
      counts.failed += 1;
      yield `\n✖ ${file} has no test\n`;
    } else {
      counts.passed += 1;
      durations.push({ name: `${data.name} (${file})`, ms: data.details.duration_ms });
    }
  }
  durations.sort((a, b) => b.ms - a.ms);
  yield `\n${JSON.stringify({ counts, skips, slowest: durations.slice(0, 5) })}\n`;
}
