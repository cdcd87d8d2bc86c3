/**
 * What a run says at its end: one row per step, what could not be tested, and the closing line that machines read.
 */

/** @typedef {import("./schedule.mjs").StepReport} StepReport */

/**
 * One step's row.
 * @param {StepReport} report
 */
export function stepLine(report) {
  const mark = report.ok ? "✔" : "✖";
  const time = report.blockedBy === undefined ? `${report.seconds.toFixed(1)} s` : "–";
  const counts = report.counts;
  const tests = counts === undefined ? "" : `${counts.passed} passed, ${counts.failed} failed${counts.skipped > 0 ? `, ${counts.skipped} skipped` : ""}`;
  const remark = report.blockedBy === undefined ? (report.note ?? "") : `not run: ${report.blockedBy} failed`;
  return `${mark} ${report.name.padEnd(11)} ${time.padStart(8)}  ${[tests, remark].filter((text) => text !== "").join("; ") || report.about}`;
}

/**
 * Tests and steps added up: each test of Node's runner counts, and each step once more.
 * @param {readonly StepReport[]} reports
 */
export function total(reports) {
  const sum = { passed: 0, failed: 0, skipped: 0 };
  for (const { ok, counts } of reports) {
    sum.passed += (counts?.passed ?? 0) + (ok ? 1 : 0);
    sum.failed += (counts?.failed ?? 0) + (ok ? 0 : 1);
    sum.skipped += counts?.skipped ?? 0;
  }
  return sum;
}

/**
 * The reports with those steps failed that left out a test for want of something that is there: .ci/run names in
 * ESPALIER_REQUIRE what it installed, so that no test is lost in silence.
 * @param {readonly StepReport[]} reports
 * @param {readonly string[]} required
 * @returns {StepReport[]}
 */
export function withRequirements(reports, required) {
  return reports.map((report) => {
    const lost = required.find((name) => (report.untested ?? []).some((line) => line.includes(name)));
    return lost === undefined ? report : { ...report, ok: false, note: `${lost} is installed, and a test that needs it was left out` };
  });
}

/**
 * The end of the output, closing line last.
 * @param {readonly StepReport[]} reports
 */
export function summary(reports) {
  const { passed, failed, skipped } = total(reports);
  const untested = reports.flatMap((report) => (report.untested ?? []).map((line) => `!! NOT TESTED (${report.name}): ${line}`));
  return [
    "",
    ...reports.map(stepLine),
    ...(untested.length > 0 ? ["", ...untested] : []),
    "",
    `${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ""}`,
  ].join("\n");
}
